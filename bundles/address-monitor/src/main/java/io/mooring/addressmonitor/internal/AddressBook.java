package io.mooring.addressmonitor.internal;

import io.mooring.addressmonitor.AddressListener;
import io.mooring.addressmonitor.AddressMonitor.ListenerStatus;
import io.mooring.addressmonitor.AddressMonitor.LocalAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The known set and who is told of its changes. Thread-safe: one lock, under which changes are only queued, so that
 * every listener gets all of them in the same order, beginning with what was present when it came.
 */
final class AddressBook implements AutoCloseable {
    private static final long STOP_SECONDS = 5;

    private final Object lock = new Object();
    private final KnownAddresses known;
    private final IdentityHashMap<AddressListener, Delivery> deliveries = new IdentityHashMap<>();
    private final ScheduledThreadPoolExecutor watchdog;
    private final ScheduledFuture<?> checks;
    private final Duration listenerTimeout;
    private boolean closed;

    /** A listener's call that takes longer than the time-out is logged. */
    AddressBook(Clock clock, Duration listenerTimeout) {
        this.known = new KnownAddresses(clock);
        this.listenerTimeout = listenerTimeout;
        this.watchdog = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "address-listener-watchdog");
            thread.setDaemon(true);
            return thread;
        });
        // A timer per call would be more exact, but would wake a thread between the kernel's news and the listener.
        long period = listenerTimeout.toNanos() / 4;
        this.checks = watchdog.scheduleWithFixedDelay(this::checkTimes, period, period, TimeUnit.NANOSECONDS);
    }

    /** Begins to tell a listener: first the addresses present, then each change. */
    void listen(AddressListener listener) {
        Delivery delivery = new Delivery(listener, listenerTimeout); // asks the listener for its name
        synchronized (lock) {
            if (closed || deliveries.containsKey(listener)) {
                return;
            }
            known.addresses().forEach(it -> delivery.tell(Change.added(it.address())));
            deliveries.put(listener, delivery);
            delivery.start();
        }
    }

    /** Ends it: no call begins after the return. Waits a bounded time for one that runs. */
    void unlisten(AddressListener listener) {
        Delivery delivery;
        synchronized (lock) {
            delivery = deliveries.remove(listener);
        }
        if (delivery != null) {
            delivery.stop();
            delivery.awaitEnd(Duration.ofSeconds(STOP_SECONDS));
        }
    }

    void assigned(Assignment assignment) {
        synchronized (lock) {
            known.assigned(assignment).ifPresent(this::tell);
        }
    }

    void withdrawn(Assignment assignment) {
        synchronized (lock) {
            known.withdrawn(assignment).ifPresent(this::tell);
        }
    }

    void interfaceGone(int index) {
        synchronized (lock) {
            known.interfaceGone(index).forEach(this::tell);
        }
    }

    void interfaceNamed(int index, String name) {
        synchronized (lock) {
            known.interfaceNamed(index, name);
        }
    }

    /** What is present now, whatever was known; returns how many changes that made. */
    int reconcile(Snapshot snapshot) {
        synchronized (lock) {
            List<Change> changes = known.reconcile(snapshot);
            changes.forEach(this::tell);
            return changes.size();
        }
    }

    List<LocalAddress> addresses() {
        synchronized (lock) {
            return known.addresses();
        }
    }

    /** By name. */
    List<ListenerStatus> listeners() {
        synchronized (lock) {
            return deliveries.values().stream()
                    .map(Delivery::status)
                    .sorted((a, b) -> a.name().compareTo(b.name()))
                    .toList();
        }
    }

    @Override
    public void close() {
        List<Delivery> running;
        synchronized (lock) {
            closed = true;
            running = List.copyOf(deliveries.values());
            deliveries.clear();
        }
        running.forEach(Delivery::stop);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
        running.forEach(delivery -> delivery.awaitEnd(Duration.ofNanos(deadline - System.nanoTime())));
        checks.cancel(false);
        watchdog.shutdown();
    }

    private void checkTimes() {
        List<Delivery> running;
        synchronized (lock) {
            running = List.copyOf(deliveries.values());
        }
        running.forEach(Delivery::checkTime);
    }

    private void tell(Change change) {
        deliveries.values().forEach(delivery -> delivery.tell(change));
    }
}
