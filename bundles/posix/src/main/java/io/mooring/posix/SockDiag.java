package io.mooring.posix;

import io.mooring.posix.internal.netlink.Addresses;
import io.mooring.posix.internal.netlink.TcpSockets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The kernel's TCP sockets, by NETLINK_SOCK_DIAG (sock_diag(7)), in the network namespace of the calling thread.
 * Thread-safe: a socket of its own per call.
 */
public final class SockDiag {

    private SockDiag() {}

    /**
     * One TCP socket. An IPv4 connection that a dual-stack listener accepted is of the family AF_INET6.
     *
     * @param local IPv4-mapped addresses are given as IPv4; link-local ones with their scope
     * @param state as in include/net/tcp_states.h: 1 ESTABLISHED, 4 FIN_WAIT1, 6 TIME_WAIT, 10 LISTEN
     * @param inode 0 for an orphan: no process has it any more
     * @param cookie the kernel's name for it
     * @param family 2 AF_INET, 10 AF_INET6, as the kernel reports it
     * @param interfaceIndex the interface that it is bound to; 0 for none
     */
    public record TcpSocket(
            InetSocketAddress local,
            InetSocketAddress remote,
            int state,
            long inode,
            long cookie,
            int family,
            int interfaceIndex) {
        public static final int ESTABLISHED = 1;
        public static final int SYN_RECV = 3;
        public static final int FIN_WAIT1 = 4;
        public static final int FIN_WAIT2 = 5;
        public static final int TIME_WAIT = 6;
        public static final int LAST_ACK = 9;
        public static final int LISTEN = 10;
        public static final int CLOSING = 11;
    }

    /**
     * All TCP sockets, in every state, with this local port and local address (IPv4-mapped ones match IPv4). An IPv6
     * link-local address without a scope matches on every interface.
     */
    public static List<TcpSocket> dump(InetAddress local, int localPort) throws PosixException {
        try (TcpSockets sockets = TcpSockets.open()) {
            return sockets.withLocalPort(
                    localPort, socket -> Addresses.same(socket.local().getAddress(), local));
        }
    }

    /** Destroys one (SOCK_DESTROY); false where that is not permitted (CAP_NET_ADMIN) or it is gone. */
    public static boolean destroy(TcpSocket socket) {
        try (TcpSockets sockets = TcpSockets.open()) {
            return sockets.destroy(socket);
        } catch (PosixException e) {
            return false;
        }
    }
}
