package io.mooring.failover.internal.machine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Says when there is to be another line about the same thing, so that a flood of one kind does not fill the disk. Thread-safe. */
final class Seldom {
    private static final long PERIOD = Duration.ofSeconds(10).toNanos();

    private final LongSupplier nanoClock;
    private final AtomicLong next;

    /** At once for the first time. */
    Seldom(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.next = new AtomicLong(nanoClock.getAsLong());
    }

    /** True for one who asks, then for nobody during ten seconds. */
    boolean isTime() {
        long now = nanoClock.getAsLong();
        long due = next.get();
        return now - due >= 0 && next.compareAndSet(due, now + PERIOD);
    }
}
