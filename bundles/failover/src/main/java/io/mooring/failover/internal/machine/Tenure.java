package io.mooring.failover.internal.machine;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long this node is sure to have a service. It may have been stopped at any moment, for any time, and another node may have
 * taken the service meanwhile: so its certainty ends soon after the state directory was asked. Thread-safe.
 */
final class Tenure {
    private static final Logger LOG = LoggerFactory.getLogger(Tenure.class);

    private static final long VALID = Duration.ofMillis(500).toNanos();
    /** Storage that takes longer than {@link #VALID} each time is as good as none. */
    private static final int ATTEMPTS = 3;

    private final HeldState state;
    private final LongSupplier nanoClock;
    private final Verdicts verdicts;
    private final Seldom line;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile long validUntil;

    /**
     * What follows from what the state directory says, on any thread.
     *
     * @param mine it says that it is this node's; also when it said so before
     * @param unknown it says nothing, or too late; also when it did so before
     * @param lost once: another node has the service
     */
    record Verdicts(Runnable mine, Runnable unknown, Runnable lost) {}

    /** Not sure yet. */
    Tenure(HeldState state, LongSupplier nanoClock, Verdicts verdicts) {
        this.state = state;
        this.nanoClock = nanoClock;
        this.verdicts = verdicts;
        this.line = new Seldom(nanoClock);
        this.validUntil = nanoClock.getAsLong();
    }

    boolean isSure() {
        return !over.get() && (isValid() || ask());
    }

    private boolean isValid() {
        return nanoClock.getAsLong() - validUntil < 0;
    }

    private synchronized boolean ask() {
        // The one before may have asked.
        if (!isValid()) {
            verify();
        }
        return !over.get() && isValid();
    }

    /** Asks the state directory; to be called often enough that nobody else has to. */
    synchronized void verify() {
        String doubt = "";
        for (int attempt = 0; attempt < ATTEMPTS && !over.get(); attempt++) {
            doubt = question();
            // This node may have been stopped while it asked.
            if (isValid()) {
                break;
            }
        }
        if (over.get()) {
            return;
        }
        if (isValid()) {
            verdicts.mine().run();
        } else {
            verdicts.unknown().run();
            if (line.isTime()) {
                LOG.warn("failover: {} {}: calls wait until it says whose it is", state.directory(), doubt);
            }
        }
    }

    /** Returns why the answer may be of no use. */
    private String question() {
        long begun = nanoClock.getAsLong();
        try {
            if (state.isStillMine()) {
                validUntil = begun + VALID;
            } else if (!over.getAndSet(true)) {
                verdicts.lost().run();
            }
            return "answers too slowly";
        } catch (IOException e) {
            return "gives no answer (" + e.getMessage() + ")";
        }
    }

    /** It is over, without being lost: what the state directory says from now on does not count. */
    void end() {
        over.set(true);
    }
}
