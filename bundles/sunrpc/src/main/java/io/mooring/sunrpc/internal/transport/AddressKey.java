package io.mooring.sunrpc.internal.transport;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * An address to compare by: an IPv4-mapped one is its IPv4 address, and a link-local one differs by its scope, which
 * {@link Inet6Address#equals} overlooks. Immutable.
 *
 * @param address never IPv4-mapped
 * @param scope the interface's index of a link-local address, else 0
 */
public record AddressKey(InetAddress address, int scope) {

    public static AddressKey of(InetAddress address) {
        InetAddress plain = unmapped(address);
        boolean scoped = plain instanceof Inet6Address && plain.isLinkLocalAddress();
        return new AddressKey(plain, scoped ? ((Inet6Address) plain).getScopeId() : 0);
    }

    /** The same address and port, as IPv4 where it was IPv4-mapped. */
    public static InetSocketAddress unmapped(InetSocketAddress address) {
        InetAddress plain = unmapped(address.getAddress());
        return plain.equals(address.getAddress()) ? address : new InetSocketAddress(plain, address.getPort());
    }

    public boolean isIpv4() {
        return address instanceof Inet4Address;
    }

    private static InetAddress unmapped(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] bytes = address.getAddress();
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return address;
            }
        }
        if (bytes[10] != (byte) 0xff || bytes[11] != (byte) 0xff) {
            return address;
        }
        try {
            // Makes an Inet4Address of a mapped one.
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return address.getHostAddress();
    }
}
