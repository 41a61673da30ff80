package io.mooring.rpcbind.internal;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that talks to the host's rpcbind, since that blocks: after a change, and from time to time because
 * an rpcbind that was restarted has forgotten everything. Thread-safe.
 */
final class RegistrarThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegistrarThread.class);
    /** More than one conversation takes at the worst: two addresses, a few calls of 3 s. */
    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final HostRegistrar registrar;
    private final Duration verifyInterval;
    /** One element: there is something to do. */
    private final BlockingQueue<Boolean> changes = new ArrayBlockingQueue<>(1);

    private final Thread thread;
    private volatile boolean closed;

    RegistrarThread(HostRegistrar registrar, Duration verifyInterval) {
        this.registrar = registrar;
        this.verifyInterval = verifyInterval;
        this.thread = new Thread(this::run, "mooring-rpcbind-registrar");
        thread.setDaemon(true);
        thread.start();
    }

    /** The programs changed. Returns at once. */
    void changed() {
        boolean unused = changes.offer(true); // where one waits already, it stands for this one too
    }

    private void run() {
        try {
            while (!closed) {
                Boolean unused = changes.poll(verifyInterval.toMillis(), TimeUnit.MILLISECONDS);
                if (!closed) {
                    guarded(registrar::reconcile);
                }
            }
            guarded(registrar::withdraw);
        } catch (InterruptedException e) {
            LOG.debug("gave up waiting for the host's rpcbind", e);
        }
    }

    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("registration with the host's rpcbind failed", e);
        }
    }

    /** Takes the registrations back, and waits for it within a bound. */
    @Override
    public void close() {
        closed = true;
        changed();
        try {
            thread.join(CLOSE.toMillis());
            if (thread.isAlive()) {
                LOG.warn("the host's rpcbind did not answer in time: our registrations may stay there");
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
