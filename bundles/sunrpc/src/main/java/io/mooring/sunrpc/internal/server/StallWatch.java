package io.mooring.sunrpc.internal.server;

import java.util.List;
import java.util.function.LongSupplier;

/**
 * Looks after transports whose limits are nearly used up: those that hold memory and have made no progress for
 * seconds (a record that does not end, replies that are not read) are reset, so that clients which stall cannot stop the
 * others. Their clients reconnect. Thread-safe.
 */
final class StallWatch implements Runnable {
    /** A record of 1 MiB takes a client with 1 Mbit/s this long. */
    private static final long STALLED_NANOS = 10_000_000_000L;

    /** While nobody else is served it must not take as long. */
    private static final long STALLED_WHEN_FULL_NANOS = 2_000_000_000L;

    private final ServerShared server;
    private final InFlight sharers;
    private final LongSupplier nanoTime;

    StallWatch(ServerShared server, InFlight sharers, LongSupplier nanoTime) {
        this.server = server;
        this.sharers = sharers;
        this.nanoTime = nanoTime;
    }

    @Override
    public void run() {
        if (sharers.isTight()) {
            long now = nanoTime.getAsLong();
            List<TcpConnection> connections = server.registry().temporary().stream()
                    .map(TcpConnection.class::cast)
                    .filter(connection -> connection.share().sharers() == sharers)
                    .toList();
            long average = sharers.requestBytesOfEach(connections.size());
            for (TcpConnection connection : connections) {
                connection.channel().eventLoop().execute(() -> resetIfStalled(connection, now, average));
            }
        }
        sharers.wakeAll();
    }

    private void resetIfStalled(TcpConnection connection, long now, long average) {
        long allowed = sharers.isFull() ? STALLED_WHEN_FULL_NANOS : STALLED_NANOS;
        if (connection.isOpen() && connection.stalledNanos(now, average) > allowed && sharers.isTight()) {
            server.log()
                    .stalled
                    .warn(server.name() + ": connection from " + connection.remote()
                            + " is closed: memory is short, and it" + " neither ends its record nor reads its replies");
            connection.abort();
        }
    }
}
