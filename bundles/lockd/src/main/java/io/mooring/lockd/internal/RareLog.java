package io.mooring.lockd.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Says each kind of thing about each client once in a while, and not too much in all, so that a hostile client cannot fill the
 * log. Thread-safe by its monitor.
 */
public final class RareLog {
    private static final long PERIOD = Duration.ofMinutes(1).toNanos();
    private static final int MAX_KEYS = 1000;
    private static final int LINES_PER_PERIOD = 60;

    private final Consumer<String> log;
    private final LongSupplier nanoClock;
    private final Map<String, Long> said = new LinkedHashMap<>();
    private long periodStart;
    private int lines;

    public RareLog(Consumer<String> log, LongSupplier nanoClock) {
        this.log = log;
        this.nanoClock = nanoClock;
        this.periodStart = nanoClock.getAsLong();
    }

    /** Says the line, unless something with this key was said in the last minute. */
    public void say(String key, String line) {
        synchronized (this) {
            long now = nanoClock.getAsLong();
            if (now - periodStart >= PERIOD) {
                periodStart = now;
                lines = 0;
                said.values().removeIf(when -> now - when >= PERIOD);
            }
            Long last = said.get(key);
            boolean again = last != null && now - last < PERIOD;
            if (again || lines >= LINES_PER_PERIOD || said.size() >= MAX_KEYS) {
                return;
            }
            lines++;
            said.put(key, now);
        }
        log.accept(line);
    }
}
