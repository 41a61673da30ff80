package io.mooring.failover.internal.machine;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long this node is sure to have a service. It may have been stopped at any moment, for any time, and another node may have
 * taken the service meanwhile: so its certainty ends soon after the state directory was asked. Thread-safe.
 */
final class Tenure {
    private static final long VALID = Duration.ofMillis(500).toNanos();
    /** Storage that takes longer than {@link #VALID} each time is as good as none. */
    private static final int ATTEMPTS = 3;

    private final HeldState state;
    private final LongSupplier nanoClock;
    private final Runnable lost;
    private volatile long validUntil;
    private volatile boolean over;

    /**
     * Not sure yet.
     *
     * @param lost called once, on any thread, when another node has the service
     */
    Tenure(HeldState state, LongSupplier nanoClock, Runnable lost) {
        this.state = state;
        this.nanoClock = nanoClock;
        this.lost = lost;
        this.validUntil = nanoClock.getAsLong();
    }

    boolean isSure() {
        if (over) {
            return false;
        }
        return isValid() || ask();
    }

    private boolean isValid() {
        return nanoClock.getAsLong() - validUntil < 0;
    }

    private synchronized boolean ask() {
        for (int attempt = 0; attempt < ATTEMPTS && !over; attempt++) {
            // The one before may have asked, and this node may have been stopped while it was asked.
            if (isValid()) {
                return true;
            }
            verify();
        }
        return !over && isValid();
    }

    /** Asks the state directory; to be called often enough that nobody else has to. */
    synchronized void verify() {
        if (over) {
            return;
        }
        long begun = nanoClock.getAsLong();
        if (state.isStillMine()) {
            validUntil = begun + VALID;
        } else {
            over = true;
            lost.run();
        }
    }
}
