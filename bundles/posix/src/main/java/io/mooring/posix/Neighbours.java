package io.mooring.posix;

import io.mooring.posix.internal.neighbour.Frames;
import io.mooring.posix.internal.neighbour.PacketSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;

/** Tells the neighbours on a link where an address is now. Thread-safe. */
public final class Neighbours {
    private static final int ETHERNET_ADDRESS_BYTES = 6;

    private Neighbours() {}

    /**
     * Sends a gratuitous ARP, or an unsolicited neighbour advertisement, by the interface that has the address; nothing where
     * that is no Ethernet, or none has it. Never waits.
     *
     * @throws PosixException where it is not permitted (EPERM: it needs CAP_NET_RAW), or not possible
     */
    public static void announce(InetAddress address) throws IOException {
        NetworkInterface link = NetworkInterface.getByInetAddress(address);
        if (link != null) {
            announce(address, link);
        }
    }

    static void announce(InetAddress address, NetworkInterface link) throws IOException {
        byte[] hardware = link.getHardwareAddress();
        if (hardware != null && hardware.length == ETHERNET_ADDRESS_BYTES) {
            PacketSocket.send(link.getIndex(), Frames.announcement(address, hardware));
        }
    }
}
