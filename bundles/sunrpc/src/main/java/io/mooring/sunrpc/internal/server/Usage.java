package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.internal.transport.Tally;
import java.time.Instant;
import java.time.InstantSource;

/** What a transport carried, and when it was used last. Written by its event loop, read by anyone. */
final class Usage {
    final Instant opened;
    final Tally calls = new Tally();
    final Tally bytesIn = new Tally();
    final Tally bytesOut = new Tally();

    private final InstantSource clock;
    private volatile long lastMillis;
    private boolean old;

    Usage(InstantSource clock) {
        this.clock = clock;
        opened = clock.instant();
        lastMillis = opened.toEpochMilli();
    }

    Instant last() {
        return Instant.ofEpochMilli(lastMillis);
    }

    void received(long bytes) {
        used();
        bytesIn.add(bytes);
    }

    void sent(long bytes) {
        used();
        bytesOut.add(bytes);
    }

    private void used() {
        lastMillis = clock.millis();
        old = false;
    }

    /**
     * One pass of the aging timer: true where nothing happened since the last one.
     *
     * @param usable whether anything could; else this pass does not count
     */
    boolean ageAndTest(boolean usable) {
        boolean unused = old;
        old = usable;
        return unused && usable;
    }
}
