package io.mooring.sunrpc.internal.server;

import io.mooring.posix.SockDiag.TcpSocket;
import io.mooring.sunrpc.internal.transport.AddressKey;
import io.mooring.sunrpc.internal.transport.EventLoops;
import io.mooring.sunrpc.internal.transport.OpenTransport;
import io.mooring.sunrpc.internal.transport.TransportRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes transports on their event loops, and verifies that the kernel has nothing left of them. Thread-safe. */
final class AddressSweep {
    private static final Logger LOG = LoggerFactory.getLogger(AddressSweep.class);
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** What was accepted a moment ago is closed by its event loop; it gets this many looks to do so. */
    private static final int ROUNDS = 10;

    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final String name;
    private final EventLoops loops;
    private final TransportRegistry registry;
    private final SocketTable sockets;

    AddressSweep(String name, EventLoops loops, TransportRegistry registry, SocketTable sockets) {
        this.name = name;
        this.loops = loops;
        this.registry = registry;
        this.sockets = sockets;
    }

    /** Closes them at once; waits for it unless it is called on an event loop, which others may be waiting for. */
    void close(List<OpenTransport> transports) {
        abort(transports);
        if (!loops.onLoop()) {
            report(transports, awaitClosed(transports, CLOSE_NANOS));
        }
    }

    /**
     * Closes the transports of an address as {@link #close} does, and verifies. Where an event loop is busy its sockets
     * are destroyed meanwhile.
     *
     * @param background verifies when this is called on an event loop
     */
    void sweep(AddressKey local, int port, List<OpenTransport> transports, Executor background) {
        abort(transports);
        if (loops.onLoop()) {
            background.execute(() -> verify(local, port, transports));
            return;
        }
        int open = awaitClosed(transports, SOON_NANOS);
        verify(local, port, transports);
        if (open > 0) {
            report(transports, awaitClosed(transports, CLOSE_NANOS));
        }
    }

    /**
     * Destroys what the kernel has of an address that came back: sockets that somebody has closed already. Any other may be a
     * connection of now that is not accepted yet.
     *
     * @param background does it when this is called on an event loop
     */
    void destroyOrphans(AddressKey local, int port, Executor background) {
        if (loops.onLoop()) {
            background.execute(() -> destroy(local, port, () -> orphans(local, port)));
        } else {
            destroy(local, port, () -> orphans(local, port));
        }
    }

    private void abort(List<OpenTransport> transports) {
        for (OpenTransport transport : transports) {
            try {
                if (transport.channel().eventLoop().inEventLoop()) {
                    transport.abort();
                } else {
                    transport.channel().eventLoop().execute(transport::abort);
                }
            } catch (RejectedExecutionException e) {
                LOG.debug("{}: the event loops ended before {}", name, transport.channel());
            }
        }
    }

    /** Returns how many are still open then. */
    private int awaitClosed(List<OpenTransport> transports, long nanos) {
        long deadline = System.nanoTime() + nanos;
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (OpenTransport transport : transports) {
            ends.add(loops.closed(transport.channel()));
        }
        int open = 0;
        for (int i = 0; i < ends.size(); i++) {
            if (isDone(ends.get(i), Math.max(0, deadline - System.nanoTime()))) {
                // The listener that does this on the event loop may come a moment later.
                registry.remove(transports.get(i));
            } else {
                open++;
            }
        }
        return open;
    }

    private void report(List<OpenTransport> transports, int open) {
        if (open > 0) {
            LOG.warn(
                    "{}: {} of {} transports are not closed after {} s: their event loops are busy",
                    name,
                    open,
                    transports.size(),
                    TimeUnit.NANOSECONDS.toSeconds(CLOSE_NANOS));
        }
    }

    private static boolean isDone(CompletableFuture<Void> end, long nanos) {
        try {
            end.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return end.isDone();
        } catch (ExecutionException | TimeoutException e) {
            return end.isDone();
        }
    }

    /**
     * Looks for sockets of this address and port that are no transports of ours (orphans of earlier closes, connections
     * not accepted yet), and destroys them where that is permitted. Blocks for some milliseconds where it is not.
     *
     * @param closed the transports that were closed; one whose event loop has not done so yet is destroyed as well
     * @return how many are left
     */
    int verify(AddressKey local, int port, List<OpenTransport> closed) {
        return destroy(local, port, () -> strangers(local, port, closed));
    }

    @FunctionalInterface
    private interface Search {
        List<TcpSocket> find() throws IOException;
    }

    private int destroy(AddressKey local, int port, Search search) {
        if (port < 0) {
            return 0;
        }
        List<TcpSocket> left = List.of();
        try {
            left = search.find();
            int found = left.size();
            for (int round = 1; !left.isEmpty() && round <= ROUNDS; round++) {
                left.forEach(sockets::destroy);
                if (round > 1) {
                    LockSupport.parkNanos(ROUND_NANOS);
                }
                left = search.find();
            }
            if (found > 0) {
                report(local, port, found, left);
            }
        } catch (IOException e) {
            LOG.warn("{}: cannot verify that no socket of {} is left: {}", name, local, e.getMessage());
        }
        return left.size();
    }

    private void report(AddressKey local, int port, int found, List<TcpSocket> left) {
        if (left.isEmpty()) {
            LOG.info(
                    "{}: {} sockets of {} port {} had no transport any more and were destroyed",
                    name,
                    found,
                    local,
                    port);
        } else {
            LOG.warn(
                    "{}: {} sockets of {} port {} are left and cannot be destroyed (CAP_NET_ADMIN is needed), the first to {}",
                    name,
                    left.size(),
                    local,
                    port,
                    left.get(0).remote());
        }
    }

    private List<TcpSocket> orphans(AddressKey local, int port) throws IOException {
        return sockets.dump(local.address(), port).stream()
                .filter(AddressSweep::isOrphan)
                .toList();
    }

    /** Closed on this side. What the other side alone has closed may wait to be accepted. */
    private static boolean isOrphan(TcpSocket socket) {
        return switch (socket.state()) {
            case TcpSocket.FIN_WAIT1, TcpSocket.FIN_WAIT2, TcpSocket.LAST_ACK, TcpSocket.CLOSING -> true;
            default -> false;
        };
    }

    /** Sockets but for those that are nobody's trouble, and those accepted since, when the address is there again. */
    private List<TcpSocket> strangers(AddressKey local, int port, List<OpenTransport> closed) throws IOException {
        List<TcpSocket> all = sockets.dump(local.address(), port).stream()
                .filter(s -> s.state() != TcpSocket.LISTEN && s.state() != TcpSocket.TIME_WAIT)
                .toList();
        if (all.isEmpty()) {
            return all;
        }
        Set<InetSocketAddress> ours = new HashSet<>();
        for (OpenTransport transport : registry.temporary()) {
            if (transport.localKey().equals(local) && !closed.contains(transport)) {
                ours.add(transport.snapshot().remote());
            }
        }
        return all.stream().filter(s -> !ours.contains(s.remote())).toList();
    }
}
