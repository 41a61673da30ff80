package io.mooring.addressmonitor.internal;

import io.mooring.addressmonitor.AddressListener;
import io.mooring.addressmonitor.AddressMonitor.ListenerStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one listener of changes, in order, on a thread of its own, so that one that throws or hangs keeps none but
 * itself waiting. Thread-safe: its own monitor guards the queue and the counters.
 */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    /** A queue this long belongs to a listener that hangs: what has no effect in the end is left out. */
    private static final int COMPACT_AT = 1024;

    private final AddressListener listener;
    private final String name;
    private final Duration timeout;
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);

    private final Deque<Change> pending = new ArrayDeque<>();
    private int compactAt = COMPACT_AT;
    private boolean stopped;
    private long events;
    private long failures;
    private long callSince;
    private Change inCall;
    private boolean complained;
    private Duration lastDuration = Duration.ZERO;

    /**
     * Does nothing before {@link #start}.
     *
     * @param timeout a call that takes longer is logged
     */
    Delivery(AddressListener listener, Duration timeout) {
        this.listener = listener;
        this.name = nameOf(listener);
        this.timeout = timeout;
        this.thread = new Thread(this::run, "address-listener " + name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Queues a change and returns at once. */
    synchronized void tell(Change change) {
        if (stopped) {
            return;
        }
        pending.add(change);
        if (pending.size() >= compactAt) {
            List<Change> compact = Change.compact(pending);
            pending.clear();
            pending.addAll(compact);
            compactAt = Math.max(COMPACT_AT, 2 * compact.size());
        }
        notifyAll();
    }

    /** No call begins any more, what waits is forgotten. */
    synchronized void stop() {
        stopped = true;
        pending.clear();
        notifyAll();
    }

    /**
     * After {@link #stop}: waits for a call that still runs; when the time is over its thread is interrupted. A listener
     * may unregister itself from within its own call: that does not wait for itself.
     */
    void awaitEnd(Duration limit) {
        if (Thread.currentThread().equals(thread)) {
            return;
        }
        try {
            if (ended.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
            LOG.warn("Address listener {} is unbound while its call still runs: it is interrupted", name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }

    synchronized ListenerStatus status() {
        Duration last = inCall == null ? lastDuration : Duration.ofNanos(System.nanoTime() - callSince);
        return new ListenerStatus(name, events, failures, pending.size(), last);
    }

    private void run() {
        try {
            Change change = next();
            while (change != null) {
                deliver(change);
                change = next();
            }
        } finally {
            ended.countDown();
        }
    }

    /** Waits for the next change and marks the call as begun; null when stopped. */
    private synchronized Change next() {
        while (pending.isEmpty() && !stopped) {
            try {
                wait();
            } catch (InterruptedException e) {
                // Only stop() ends this thread; a listener's interrupt of its own thread does not.
                LOG.debug("Address listener {}: interrupted while idle", name);
            }
        }
        if (stopped) {
            return null;
        }
        inCall = pending.remove();
        complained = false;
        callSince = System.nanoTime();
        return inCall;
    }

    private void deliver(Change change) {
        boolean failed = true;
        try {
            call(change);
            failed = false;
        } catch (RuntimeException | Error e) {
            LOG.warn(
                    "Address listener {} failed in {}; it is told of later changes all the same",
                    name,
                    what(change),
                    e);
        } finally {
            finished(change, failed);
        }
    }

    private void call(Change change) {
        switch (change.kind()) {
            case ADDED -> listener.addressAdded(change.address());
            case REMOVED -> listener.addressRemoved(change.address());
        }
    }

    private void finished(Change change, boolean failed) {
        Duration took;
        synchronized (this) {
            inCall = null;
            took = Duration.ofNanos(System.nanoTime() - callSince);
            lastDuration = took;
            events++;
            failures += failed ? 1 : 0;
        }
        if (took.compareTo(timeout) > 0) {
            LOG.warn("Address listener {} returned from {} after {} ms", name, what(change), took.toMillis());
        }
    }

    /** Logs, once per call, that one takes too long. */
    synchronized void checkTime() {
        if (inCall != null && !complained && System.nanoTime() - callSince > timeout.toNanos()) {
            complained = true;
            LOG.warn(
                    "Address listener {} has not returned from {} for {} ms: its further changes wait ({} now); others are not affected",
                    name,
                    what(inCall),
                    timeout.toMillis(),
                    pending.size());
        }
    }

    private static String what(Change change) {
        String method = change.kind() == Change.Kind.ADDED ? "addressAdded" : "addressRemoved";
        return method + "(" + change.address().getHostAddress() + ")";
    }

    private static String nameOf(AddressListener listener) {
        try {
            String name = listener.name();
            return name == null ? listener.getClass().getName() : name;
        } catch (RuntimeException e) {
            LOG.warn("Address listener {} has no name", listener.getClass().getName(), e);
            return listener.getClass().getName();
        }
    }
}
