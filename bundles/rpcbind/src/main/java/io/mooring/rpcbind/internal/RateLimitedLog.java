package io.mooring.rpcbind.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** At most one line per period, so that a hostile caller cannot fill the log. Thread-safe by its monitor. */
final class RateLimitedLog {
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final Clock clock;
    private final Consumer<String> log;
    private Instant next = Instant.MIN;
    private long suppressed;

    RateLimitedLog(Clock clock, Consumer<String> log) {
        this.clock = clock;
        this.log = log;
    }

    void log(String line) {
        String full;
        synchronized (this) {
            Instant now = clock.instant();
            if (now.isBefore(next)) {
                suppressed++;
                return;
            }
            next = now.plus(PERIOD);
            full = suppressed == 0 ? line : line + " (and " + suppressed + " more like this before)";
            suppressed = 0;
        }
        log.accept(full);
    }
}
