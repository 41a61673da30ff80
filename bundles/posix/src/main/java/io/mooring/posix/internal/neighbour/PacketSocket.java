package io.mooring.posix.internal.neighbour;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import io.mooring.posix.PosixException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Sends whole frames by an interface (packet(7)); needs CAP_NET_RAW. Receives nothing. Used by one thread at a time. */
public final class PacketSocket implements AutoCloseable {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int SOCKADDR_LL_BYTES = 20;
    private static final int ETHERNET_ADDRESS_BYTES = 6;
    private static final int ETHERTYPE_AT = 12;

    static {
        Native.register(PacketSocket.class, Platform.C_LIBRARY_NAME);
    }

    private final int fd;

    private PacketSocket(int fd) {
        this.fd = fd;
    }

    /** Opens one in the network namespace of the calling thread. */
    public static PacketSocket open() throws PosixException {
        // Protocol 0: it receives nothing.
        return new PacketSocket(check("socket", socket(AF_PACKET, SOCK_RAW_CLOEXEC, 0)));
    }

    /** Sends one. Never waits. */
    public void send(int interfaceIndex, byte[] frame) throws PosixException {
        try (Memory bytes = new Memory(frame.length);
                Memory address = new Memory(SOCKADDR_LL_BYTES)) {
            bytes.write(0, frame, 0, frame.length);
            address.write(0, linkLayerAddress(interfaceIndex, frame), 0, SOCKADDR_LL_BYTES);
            long sent = sendto(
                    fd,
                    Pointer.nativeValue(bytes),
                    frame.length,
                    MSG_DONTWAIT,
                    Pointer.nativeValue(address),
                    SOCKADDR_LL_BYTES);
            check("sendto", (int) sent);
        }
    }

    /** Waits for some milliseconds, until no processor of this machine can be looking at the socket. */
    @Override
    public void close() {
        close(fd);
    }

    /** struct sockaddr_ll of the frame's destination. */
    private static byte[] linkLayerAddress(int interfaceIndex, byte[] frame) {
        return ByteBuffer.allocate(SOCKADDR_LL_BYTES)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_PACKET)
                .put(frame, ETHERTYPE_AT, 2)
                .putInt(interfaceIndex)
                .putShort((short) 0)
                .put((byte) 0)
                .put((byte) ETHERNET_ADDRESS_BYTES)
                .put(frame, 0, ETHERNET_ADDRESS_BYTES)
                .array();
    }

    private static int check(String call, int result) throws PosixException {
        if (result < 0) {
            throw new PosixException(call, Native.getLastError());
        }
        return result;
    }

    static native int socket(int domain, int type, int protocol);

    static native long sendto(int fd, long buffer, long length, int flags, long address, int addressLength);

    static native int close(int fd);
}
