package io.mooring.rpcbind.internal;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that talks to the host's rpcbind, since that blocks: after a change, and from time to time because
 * an rpcbind that was restarted has forgotten everything. Thread-safe.
 */
final class RegistrarThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegistrarThread.class);
    /** Programs come in a group when a server starts: one conversation for all of them. */
    private static final Duration SETTLE = Duration.ofMillis(50);
    /** More than one conversation takes at the worst: two addresses, a few calls of 3 s. */
    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final HostRegistrar registrar;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread created = new Thread(task, "mooring-rpcbind-registrar");
        created.setDaemon(true);
        return created;
    });
    private final AtomicBoolean scheduled = new AtomicBoolean();

    RegistrarThread(HostRegistrar registrar, Duration verifyInterval) {
        this.registrar = registrar;
        long millis = verifyInterval.toMillis();
        thread.scheduleWithFixedDelay(this::reconcile, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** The programs changed. Returns at once. */
    void changed() {
        if (scheduled.compareAndSet(false, true)) {
            try {
                thread.schedule(this::reconcileChange, SETTLE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("a change after the end", e);
            }
        }
    }

    private void reconcileChange() {
        scheduled.set(false);
        reconcile();
    }

    private void reconcile() {
        run(registrar::reconcile);
    }

    private static void run(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("registration with the host's rpcbind failed", e);
        }
    }

    /** Takes the registrations back, and waits for it within a bound. */
    @Override
    public void close() {
        thread.execute(() -> run(registrar::withdraw));
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the host's rpcbind did not answer in time: our registrations may stay there");
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
