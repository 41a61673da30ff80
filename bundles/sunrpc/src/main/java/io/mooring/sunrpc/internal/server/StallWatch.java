package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.internal.transport.OpenTransport;
import java.util.function.LongSupplier;

/**
 * Looks after a server whose memory is nearly used up: connections that hold memory and have made no progress for
 * seconds (a record that does not end, replies that are not read) are reset, so that clients which stall cannot stop the
 * others. Their clients reconnect. Thread-safe.
 */
final class StallWatch implements Runnable {
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
        if (server.inFlight().isTight()) {
            long now = nanoTime.getAsLong();
            var transports = server.registry().temporary();
            long share = server.inFlight().requestBytesOfEach(transports.size());
            for (OpenTransport transport : transports) {
                TcpConnection connection = (TcpConnection) transport;
                connection.channel().eventLoop().execute(() -> resetIfStalled(connection, now, share));
            }
        }
        server.inFlight().wakeAll();
    }

    private void resetIfStalled(TcpConnection connection, long now, long share) {
        long allowed = server.inFlight().isFull() ? STALLED_WHEN_FULL_NANOS : STALLED_NANOS;
        if (connection.isOpen()
                && connection.stalledNanos(now, share) > allowed
                && server.inFlight().isTight()) {
            server.log()
                    .stalled
                    .warn(server.name() + ": connection from " + connection.remote()
                            + " is closed: memory is short, and it" + " neither ends its record nor reads its replies");
            connection.abort();
        }
    }
}
