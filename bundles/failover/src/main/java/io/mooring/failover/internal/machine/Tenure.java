package io.mooring.failover.internal.machine;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
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
    /** How long an answer is waited for that somebody else asked for. */
    private static final long PATIENCE = Duration.ofMillis(200).toNanos();
    /** What people and cluster managers need not know of. */
    private static final long MOMENT = Duration.ofSeconds(5).toNanos();

    private final HeldState state;
    private final LongSupplier nanoClock;
    private final Verdicts verdicts;
    private final Seldom line;
    private final AtomicBoolean over = new AtomicBoolean();
    /** Held while the state directory is asked. */
    private final ReentrantLock asking = new ReentrantLock();
    /** The last who waited for an answer waited in vain: nobody waits any more. */
    private volatile boolean hangs;

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
        return !over.get() && (isValid() || ask(false));
    }

    private boolean isValid() {
        return nanoClock.getAsLong() - validUntil < 0;
    }

    /** Whether it has not been sure for longer than a moment. */
    boolean isInDoubt() {
        return nanoClock.getAsLong() - validUntil > MOMENT;
    }

    /** Asks the state directory; to be called often enough that nobody else has to. */
    void verify() {
        ask(true);
    }

    /**
     * Asks, or waits for the answer that somebody else is waiting for; not long, since all calls of this node may be about to do the
     * same.
     *
     * @param always also where it is sure still
     */
    private boolean ask(boolean always) {
        if (!isMyTurn()) {
            doubt("does not answer");
            return false;
        }
        try {
            // The one before may have asked.
            if (always || !isValid()) {
                answer();
            }
            return !over.get() && isValid();
        } finally {
            asking.unlock();
        }
    }

    private boolean isMyTurn() {
        boolean mine = false;
        try {
            mine = asking.tryLock(hangs ? 0 : PATIENCE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        hangs = !mine;
        return mine;
    }

    private void answer() {
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
            doubt(doubt);
        }
    }

    private void doubt(String why) {
        verdicts.unknown().run();
        if (line.isTime()) {
            LOG.warn("failover: {} {}: calls wait until it says whose it is", state.directory(), why);
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
