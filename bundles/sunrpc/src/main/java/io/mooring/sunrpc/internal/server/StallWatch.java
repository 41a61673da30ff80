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
            for (OpenTransport transport : server.registry().temporary()) {
                TcpConnection connection = (TcpConnection) transport;
                connection.channel().eventLoop().execute(() -> resetIfStalled(connection, now));
            }
        }
        server.inFlight().wakeAll();
    }

    private void resetIfStalled(TcpConnection connection, long now) {
        if (connection.isOpen()
                && connection.stalledNanos(now) > STALLED_NANOS
                && server.inFlight().isTight()) {
            server.log()
                    .stalled
                    .warn(server.name() + ": connection from " + connection.remote()
                            + " is closed: memory is short, and it" + " neither ends its record nor reads its replies");
            connection.abort();
        }
    }
}
