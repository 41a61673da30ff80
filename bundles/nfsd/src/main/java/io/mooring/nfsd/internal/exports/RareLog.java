package io.mooring.nfsd.internal.exports;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Writes the same line at most once a minute, and a bounded number of lines in all, so that a client that keeps asking, or
 * asks for something else each time, cannot fill the disk. What clients sent cannot make a second line. Thread-safe.
 */
public final class RareLog {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    /** Lines remembered; past it the oldest may be repeated. */
    private static final int MAX_LINES = 256;

    /** Lines of one minute, whatever they say. */
    private static final int MAX_PER_INTERVAL = 60;

    private final Logger log;
    private final LongSupplier nanoClock;
    private final Map<String, Long> written = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MAX_LINES;
        }
    };

    private long intervalStart;
    private int inInterval;
    private long leftOut;

    public RareLog(Logger log, LongSupplier nanoClock) {
        this.log = log;
        this.nanoClock = nanoClock;
        this.intervalStart = nanoClock.getAsLong();
    }

    int remembered() {
        synchronized (written) {
            return written.size();
        }
    }

    public void warn(String line) {
        long now = nanoClock.getAsLong();
        long left = 0;
        synchronized (written) {
            Long last = written.get(line);
            if (last != null && now - last < INTERVAL.toNanos()) {
                return;
            }
            if (now - intervalStart >= INTERVAL.toNanos()) {
                left = leftOut;
                intervalStart = now;
                inInterval = 0;
                leftOut = 0;
            }
            if (++inInterval > MAX_PER_INTERVAL) {
                leftOut++;
                return;
            }
            written.remove(line);
            written.put(line, now);
        }
        if (left > 0) {
            log.warn("nfsd: " + left + " lines like the following were left out");
        }
        log.warn(line.replaceAll("\\p{Cntrl}", "?"));
    }
}
