package io.mooring.sunrpc.internal.server;

import java.util.List;
import java.util.function.LongSupplier;

/**
 * Looks after transports whose limits are nearly used up, and among them for those that hold memory and make no progress
 * (a record that does not end, replies that are not read), so that clients which stall cannot stop the others: proven ones
 * become newcomers again, and newcomers are reset after seconds. Their clients reconnect. Thread-safe.
 */
final class StallWatch implements Runnable {
    /** The proven give way first. */
    private static final long DISTRUSTED_NANOS = 1_000_000_000L;

    /** A record of 1 MiB takes a client with 1 Mbit/s this long. */
    private static final long STALLED_NANOS = 10_000_000_000L;

    /** While nobody else is served it must not take as long. */
    private static final long STALLED_WHEN_FULL_NANOS = 2_000_000_000L;

    private final ServerShared server;
    private final LongSupplier nanoTime;

    StallWatch(ServerShared server, LongSupplier nanoTime) {
        this.server = server;
        this.nanoTime = nanoTime;
    }

    @Override
    public void run() {
        look(server.proven());
        look(server.newcomers());
    }

    private void look(InFlight sharers) {
        if (sharers.isTight()) {
            long now = nanoTime.getAsLong();
            List<TcpConnection> connections = server.registry().temporary().stream()
                    .map(TcpConnection.class::cast)
                    .filter(connection -> connection.share().sharers() == sharers)
                    .toList();
            long average = sharers.requestBytesOfEach(connections.size());
            for (TcpConnection connection : connections) {
                connection.channel().eventLoop().execute(() -> judge(connection, now, average));
            }
        }
        sharers.wakeAll();
    }

    private void judge(TcpConnection connection, long now, long average) {
        InFlight sharers = connection.share().sharers();
        if (!connection.isOpen() || !sharers.isTight()) {
            return;
        }
        long stalled = connection.stalledNanos(now, average);
        if (sharers == server.proven()) {
            if (stalled > DISTRUSTED_NANOS) {
                connection.distrust();
            }
        } else if (stalled > (sharers.isFull() ? STALLED_WHEN_FULL_NANOS : STALLED_NANOS)) {
            server.log()
                    .stalled
                    .warn(server.name() + ": connection from " + connection.remote()
                            + " is closed: memory is short, and it neither ends its record nor reads its replies");
            connection.abort();
        }
    }
}
