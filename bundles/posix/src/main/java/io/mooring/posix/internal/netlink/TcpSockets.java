package io.mooring.posix.internal.netlink;

import io.mooring.posix.Errno;
import io.mooring.posix.PosixException;
import io.mooring.posix.SockDiag.TcpSocket;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Asks sock_diag(7) for TCP sockets and has them destroyed. Not thread-safe; open, use and close it on one thread. */
public final class TcpSockets implements Closeable {
    /** The kernel answers within the call; should it ever not, nobody waits for ever. */
    private static final int TIMEOUT_SECONDS = 5;

    private final NetlinkSocket socket;
    private final NetlinkDump dump;

    private TcpSockets(NetlinkSocket socket) {
        this.socket = socket;
        this.dump = new NetlinkDump(socket);
    }

    public static TcpSockets open() throws PosixException {
        NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.NETLINK_SOCK_DIAG, 0);
        try {
            socket.receiveTimeout(TIMEOUT_SECONDS);
        } catch (PosixException e) {
            socket.close();
            throw e;
        }
        return new TcpSockets(socket);
    }

    /** Those with this local port, of both families, in every state. */
    public List<TcpSocket> withLocalPort(int port, Predicate<TcpSocket> filter) throws PosixException {
        List<TcpSocket> found = new ArrayList<>();
        for (int family : new int[] {InetDiag.AF_INET, InetDiag.AF_INET6}) {
            found.addAll(dump.ask(
                    InetDiag.SOCK_DIAG_BY_FAMILY,
                    InetDiag.dumpRequest(family, port),
                    message -> read(message, family)
                            .filter(s -> s.local().getPort() == port)
                            .filter(filter)));
        }
        return found;
    }

    /** Destroys one; false where it is gone, or that is not permitted or not built into the kernel. */
    public boolean destroy(TcpSocket victim) throws PosixException {
        int errno = dump.command(InetDiag.SOCK_DESTROY, InetDiag.destroyRequest(victim));
        return switch (errno) {
            case 0 -> true;
            case Errno.ENOENT, Errno.EPERM, Errno.EACCES, Errno.EOPNOTSUPP, Errno.EINVAL, Errno.ESTALE -> false;
            default -> throw new PosixException("SOCK_DESTROY", errno);
        };
    }

    private static Optional<TcpSocket> read(NetlinkMessage message, int family) {
        if (message.type() != InetDiag.SOCK_DIAG_BY_FAMILY) {
            return Optional.empty();
        }
        return InetDiag.read(message.payload()).filter(s -> s.family() == family);
    }

    @Override
    public void close() {
        socket.close();
    }
}
