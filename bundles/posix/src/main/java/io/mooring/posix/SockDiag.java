package io.mooring.posix;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** The kernel's TCP sockets, by NETLINK_SOCK_DIAG (sock_diag(7)). Thread-safe: a socket of its own per call. */
public final class SockDiag {

    private SockDiag() {}

    /**
     * One TCP socket.
     *
     * @param local IPv4-mapped addresses are given as IPv4
     * @param state as in include/net/tcp_states.h: 1 ESTABLISHED, 4 FIN_WAIT1, 6 TIME_WAIT, 10 LISTEN
     * @param inode 0 for an orphan: no process has it any more
     * @param cookie the kernel's name for it
     */
    public record TcpSocket(InetSocketAddress local, InetSocketAddress remote, int state, long inode, long cookie) {
        public static final int ESTABLISHED = 1;
        public static final int TIME_WAIT = 6;
        public static final int LISTEN = 10;
    }

    /** All TCP sockets, in every state, with this local port and local address (IPv4-mapped ones match IPv4). */
    public static List<TcpSocket> dump(InetAddress local, int localPort) throws PosixException {
        return List.of();
    }

    /** Destroys one (SOCK_DESTROY); false where that is not permitted or it is gone. */
    public static boolean destroy(TcpSocket socket) {
        return false;
    }
}
