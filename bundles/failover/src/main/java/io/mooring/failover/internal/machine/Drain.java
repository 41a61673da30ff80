package io.mooring.failover.internal.machine;

import io.mooring.failover.ServiceStatus.State;
import io.mooring.failover.internal.machine.Taking.Berth;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of serving: no new calls, and those under way are waited for. Owned by the machine's thread. */
final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    private static final Duration SAID_AFTER = Duration.ofSeconds(5);
    private static final int SYNC_PASSES = 5;
    /** A pass that takes less leaves little to the last one, for which clients wait. */
    private static final long SHORT_PASS = Duration.ofMillis(50).toNanos();

    private final Duration orderly;
    private final Berth berth;
    private final LongSupplier nanoClock;
    private CompletableFuture<Void> completed = CompletableFuture.completedFuture(null);
    private long since;
    private Duration patience = SAID_AFTER;
    private boolean said;
    private boolean inOrder;

    /**
     * None yet.
     *
     * @param orderly how long calls are waited for in silence where the address is still here
     */
    Drain(Duration orderly, Berth berth, LongSupplier nanoClock) {
        this.orderly = orderly;
        this.berth = berth;
        this.nanoClock = nanoClock;
    }

    /**
     * Begins.
     *
     * @param whileHere while it is still served, what was written is brought to stable storage first
     */
    void begin(boolean whileHere) {
        inOrder = whileHere;
        since = nanoClock.getAsLong();
        said = false;
        patience = inOrder ? orderly : SAID_AFTER;
        berth.report().settle(State.RELEASING);
        if (inOrder) {
            syncWhileServing();
        }
        completed = berth.doors().hold();
    }

    private void syncWhileServing() {
        for (int pass = 0; pass < SYNC_PASSES && berth.doors().anyOpen(); pass++) {
            long start = nanoClock.getAsLong();
            if (!sync() || nanoClock.getAsLong() - start < SHORT_PASS) {
                return;
            }
        }
    }

    private boolean sync() {
        try {
            berth.crew().sync();
            return true;
        } catch (IOException | RuntimeException e) {
            // What nobody committed is written again by its clients, as the next verifier is another one.
            LOG.error("failover: what was written is not on stable storage: {}", e.toString());
            return false;
        }
    }

    /**
     * No call is under way any more: the rest of what was written. Not where the address has gone: clients wait for the next node
     * already, have what they committed, and write the rest again.
     */
    void syncTheRest() {
        if (inOrder && berth.wish().view().here()) {
            sync();
        }
    }

    /** Completes when no call is under way any more. */
    CompletableFuture<Void> completed() {
        return completed;
    }

    /** Where it takes long, says so, and waits no longer for clients, but for what is being done alone. */
    boolean isCompleted() {
        if (!completed.isDone() && !said && nanoClock.getAsLong() - since >= patience.toNanos()) {
            said = true;
            berth.report()
                    .releasing("%d calls are under way since %d s; nobody else can serve before they end"
                            .formatted(berth.doors().callsUnderWay(), patience.toSeconds()));
            berth.doors().disconnect();
        }
        return completed.isDone();
    }

    /** Everything is released. */
    void end() {
        berth.report().released(since);
    }
}
