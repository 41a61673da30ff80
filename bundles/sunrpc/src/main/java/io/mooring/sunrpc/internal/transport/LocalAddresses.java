package io.mooring.sunrpc.internal.transport;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Enumeration;

/** Asks the kernel whether this host has an address. Stateless. */
public final class LocalAddresses {

    private LocalAddresses() {}

    /** All of 127/8 is there while any of it is. Where the kernel cannot be asked the answer is no. */
    public static boolean isPresent(AddressKey key) {
        if (key.isIpv4() && key.address().isLoopbackAddress()) {
            return true;
        }
        try {
            if (key.scope() != 0) {
                NetworkInterface link = NetworkInterface.getByIndex(key.scope());
                return link != null && has(link, key);
            }
            return NetworkInterface.getByInetAddress(key.address()) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    private static boolean has(NetworkInterface link, AddressKey key) {
        Enumeration<InetAddress> addresses = link.getInetAddresses();
        while (addresses.hasMoreElements()) {
            if (addresses.nextElement().equals(key.address())) {
                return true;
            }
        }
        return false;
    }
}
