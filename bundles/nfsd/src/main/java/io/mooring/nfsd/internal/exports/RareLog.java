package io.mooring.nfsd.internal.exports;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/** Writes the same line at most once a minute, so that a client that keeps asking cannot fill the disk. Thread-safe. */
public final class RareLog {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    /** Lines remembered; past it the oldest may be repeated. */
    private static final int MAX_LINES = 256;

    private final Logger log;
    private final LongSupplier nanoClock;
    private final Map<String, Long> written = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MAX_LINES;
        }
    };

    public RareLog(Logger log, LongSupplier nanoClock) {
        this.log = log;
        this.nanoClock = nanoClock;
    }

    public void warn(String line) {
        long now = nanoClock.getAsLong();
        synchronized (written) {
            Long last = written.get(line);
            if (last != null && now - last < INTERVAL.toNanos()) {
                return;
            }
            written.remove(line);
            written.put(line, now);
        }
        log.warn(line);
    }
}
