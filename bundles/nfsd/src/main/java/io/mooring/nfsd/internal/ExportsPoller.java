package io.mooring.nfsd.internal;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at exports again and again, on a thread of its own, which is the only one that uses their files. Thread-safe. */
final class ExportsPoller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ExportsPoller.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread created = new Thread(task, "nfsd-exports");
        created.setDaemon(true);
        return created;
    });
    private Future<?> polling;

    /** Looks in this way from now on, and in no other. They are read at once, on the poller's thread. */
    synchronized Future<?> follow(Runnable load, Runnable poll, Duration interval) {
        if (polling != null) {
            polling.cancel(false);
        }
        Future<?> loaded = thread.submit(guarded(load));
        long millis = interval.toMillis();
        polling = thread.scheduleWithFixedDelay(guarded(poll), millis, millis, TimeUnit.MILLISECONDS);
        return loaded;
    }

    private static Runnable guarded(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.error("nfsd: reading the exports failed", e);
            }
        };
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("nfsd: the exports are still being read after {}", STOP_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
