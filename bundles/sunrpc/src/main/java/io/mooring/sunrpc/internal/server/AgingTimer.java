package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.internal.transport.OpenTransport;

/**
 * The kernel's two-pass aging: each pass closes the temporary transports that were not used since the pass before, so
 * that an unused one lives for one to two periods. The safety net for connections whose client vanished. Thread-safe.
 */
final class AgingTimer implements Runnable {
    private final ServerShared server;

    AgingTimer(ServerShared server) {
        this.server = server;
    }

    /** One pass. */
    @Override
    public void run() {
        for (OpenTransport transport : server.registry().temporary()) {
            CallTransport connection = (CallTransport) transport;
            connection.channel().eventLoop().execute(() -> {
                if (connection.ageAndTest() && connection.isOpen()) {
                    server.counters().closedIdle.increment();
                    connection.abort();
                }
            });
        }
    }
}
