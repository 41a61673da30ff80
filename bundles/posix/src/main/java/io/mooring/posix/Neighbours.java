package io.mooring.posix;

import io.mooring.posix.internal.neighbour.Frames;
import io.mooring.posix.internal.neighbour.PacketSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;

/**
 * Tells the neighbours on a link where an address is now. The socket is opened when it is first needed, and kept: to close one takes
 * longer than an address may be silent. Thread-safe by its monitor.
 */
public final class Neighbours implements AutoCloseable {
    private static final int ETHERNET_ADDRESS_BYTES = 6;

    /** Null while it is not open. */
    private PacketSocket socket;

    private boolean closed;

    /**
     * Sends a gratuitous ARP, or an unsolicited neighbour advertisement, by the interface that has the address; nothing where
     * that is no Ethernet, or none has it. Never waits.
     *
     * @throws PosixException where it is not permitted (EPERM: it needs CAP_NET_RAW), or not possible
     */
    public void announce(InetAddress address) throws IOException {
        NetworkInterface link = NetworkInterface.getByInetAddress(address);
        if (link != null) {
            announce(address, link);
        }
    }

    synchronized void announce(InetAddress address, NetworkInterface link) throws IOException {
        byte[] hardware = link.getHardwareAddress();
        if (!closed && hardware != null && hardware.length == ETHERNET_ADDRESS_BYTES) {
            if (socket == null) {
                socket = PacketSocket.open();
            }
            socket.send(link.getIndex(), Frames.announcement(address, hardware));
        }
    }

    /** Nothing is announced any more. */
    @Override
    public synchronized void close() {
        closed = true;
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
