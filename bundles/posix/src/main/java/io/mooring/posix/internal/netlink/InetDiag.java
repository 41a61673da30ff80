package io.mooring.posix.internal.netlink;

import io.mooring.posix.SockDiag.TcpSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** The wire form of sock_diag's requests and answers for TCP (linux/inet_diag.h). Pure functions. */
public final class InetDiag {
    public static final int SOCK_DIAG_BY_FAMILY = 20;
    public static final int SOCK_DESTROY = 21;
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;

    private static final int REQUEST_BYTES = 56;
    private static final int ANSWER_BYTES = 72;
    private static final int IPPROTO_TCP = 6;
    private static final int ADDRESS_BYTES = 16;

    /**
     * TCP_ESTABLISHED (1) to TCP_NEW_SYN_RECV (12), orphans and TIME_WAIT among them. Not TCP_BOUND_INACTIVE (13): a
     * socket that is bound and no more is no connection.
     */
    private static final int ALL_STATES = 0x1FFE;

    private InetDiag() {}

    /** A request for all TCP sockets of a family with that local port, in the host's byte order but for the port. */
    static ByteBuffer dumpRequest(int family, int localPort) {
        ByteBuffer out = start(family, ALL_STATES);
        putPort(out, localPort);
        return out.clear();
    }

    /** A request that names one socket: its family as the kernel said it, its addresses, interface and cookie. */
    static ByteBuffer destroyRequest(TcpSocket socket) {
        ByteBuffer out = start(socket.family(), ALL_STATES);
        putPort(out, socket.local().getPort());
        putPort(out, socket.remote().getPort());
        putAddress(out, socket.family(), socket.local().getAddress());
        putAddress(out, socket.family(), socket.remote().getAddress());
        out.putInt(socket.interfaceIndex());
        out.putInt((int) socket.cookie()).putInt((int) (socket.cookie() >>> 32));
        return out.clear();
    }

    /** Reads a struct inet_diag_msg; empty where it is cut short or of a family that is none of TCP's. */
    public static Optional<TcpSocket> read(ByteBuffer payload) {
        ByteBuffer in = payload.slice().order(ByteOrder.nativeOrder());
        if (in.remaining() < ANSWER_BYTES) {
            return Optional.empty();
        }
        int family = Byte.toUnsignedInt(in.get(0));
        if (family != AF_INET && family != AF_INET6) {
            return Optional.empty();
        }
        int state = Byte.toUnsignedInt(in.get(1));
        int interfaceIndex = in.getInt(40);
        InetSocketAddress local = socketAddress(in, family, 8, 4, interfaceIndex);
        InetSocketAddress remote = socketAddress(in, family, 24, 6, interfaceIndex);
        long cookie = Integer.toUnsignedLong(in.getInt(44)) | (long) in.getInt(48) << 32;
        long inode = Integer.toUnsignedLong(in.getInt(68));
        return Optional.of(new TcpSocket(local, remote, state, inode, cookie, family, interfaceIndex));
    }

    private static ByteBuffer start(int family, int states) {
        ByteBuffer out = ByteBuffer.allocate(REQUEST_BYTES).order(ByteOrder.nativeOrder());
        out.put((byte) family).put((byte) IPPROTO_TCP).putShort((short) 0);
        return out.putInt(states);
    }

    /** In network byte order. */
    private static void putPort(ByteBuffer out, int port) {
        out.put((byte) (port >>> 8)).put((byte) port);
    }

    private static void putAddress(ByteBuffer out, int family, InetAddress address) {
        byte[] bytes = new byte[ADDRESS_BYTES];
        byte[] raw = address.getAddress();
        if (family == AF_INET6 && address instanceof Inet4Address) {
            // The kernel knows an IPv4 connection of a dual-stack listener as an IPv6 socket with mapped addresses.
            bytes[10] = (byte) 0xFF;
            bytes[11] = (byte) 0xFF;
            System.arraycopy(raw, 0, bytes, 12, raw.length);
        } else {
            System.arraycopy(raw, 0, bytes, 0, raw.length);
        }
        out.put(bytes);
    }

    private static InetSocketAddress socketAddress(
            ByteBuffer in, int family, int addressAt, int portAt, int interfaceIndex) {
        byte[] raw = new byte[family == AF_INET ? 4 : ADDRESS_BYTES];
        in.get(addressAt, raw);
        int port = Byte.toUnsignedInt(in.get(portAt)) << 8 | Byte.toUnsignedInt(in.get(portAt + 1));
        return new InetSocketAddress(Addresses.of(raw, interfaceIndex), port);
    }
}
