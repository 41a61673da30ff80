package io.mooring.failover.internal.machine;

import io.mooring.failover.internal.ServiceSettings;
import io.mooring.failover.internal.connection.Connection;
import io.mooring.failover.internal.connection.ConnectionTable;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tries to take a service, again and again: its state, which is kept when it was got, then what the participants have. While that
 * lasts longer than a moment, clients are told to try later. Owned by the machine's thread.
 */
final class Taking {
    /** So long clients wait without an answer: "try later" costs a Linux client five seconds. */
    private static final long PATIENCE = Duration.ofSeconds(2).toNanos();
    /** So long the node that had it may need to let it go: each look counts. */
    private static final long HASTE = Duration.ofSeconds(1).toNanos();

    private static final Duration SOON = Duration.ofMillis(3);
    private static final Duration LATER = Duration.ofMillis(200);

    /** Calls that were told to try later have nothing left to do, and are not waited for any longer. */
    private static final long LAST_ANSWERS = Duration.ofSeconds(1).toNanos();

    private final ServiceSettings settings;
    private final StateSource states;
    private final Berth berth;
    private final LongSupplier nanoClock;
    private final Consumer<String> failed;
    /** Null while no state is held that was not taken by all. */
    private volatile Holding holding;

    private boolean begun;
    private long since;
    private CompletableFuture<Void> lastAnswers = CompletableFuture.completedFuture(null);
    private long heldSince;

    /**
     * What a service has on this node.
     *
     * @param crew owned by the machine's thread
     */
    record Berth(
            Wish wish,
            Gate gate,
            Doors doors,
            Crew crew,
            Notices notices,
            ConnectionTable connections,
            Report report,
            Watch watch) {}

    /**
     * Has begun nothing.
     *
     * @param failed told, on any thread, where the journal of what is held cannot be written any more
     */
    Taking(ServiceSettings settings, StateSource states, Berth berth, LongSupplier nanoClock, Consumer<String> failed) {
        this.settings = settings;
        this.states = states;
        this.berth = berth;
        this.nanoClock = nanoClock;
        this.failed = failed;
    }

    /** What is held while not all have taken it; null: nothing. */
    Holding holding() {
        return holding;
    }

    /**
     * Goes as far as it can now.
     *
     * @param again to be called when there is reason to try before the next poll
     * @return what is held when all have taken it, else null: it waits
     * @throws StateUnavailable where waiting is in vain
     */
    Holding attempt(Runnable again) throws StateUnavailable {
        if (!begun) {
            begun = true;
            since = nanoClock.getAsLong();
            berth.report().begins(berth.wish().begin(since));
        }
        try {
            if (!berth.crew().isFounded()) {
                throw new StateUnavailable(true, "nfsd is not there", null);
            }
            if (holding == null) {
                acquire();
            }
            return lastAnswersAreGiven(again) ? take() : null;
        } catch (StateUnavailable e) {
            if (!e.isPassing()) {
                throw e;
            }
            await(e.getMessage());
        } catch (IOException e) {
            await(e.getMessage());
        }
        return null;
    }

    private void acquire() throws StateUnavailable {
        boolean force = settings.state().forced()
                && waitedFor(settings.state().patience().toNanos());
        HeldState state = states.take(settings, force);
        berth.report().done("state");
        try {
            holding = new Holding(state, failed);
        } catch (RuntimeException e) {
            state.close();
            throw new StateUnavailable(false, "the journal cannot be read: " + e.getMessage(), e);
        }
        berth.watch().begin(state);
        berth.report().done("journal");
        tickle();
    }

    /**
     * Clients connect anew while the rest is taken; their calls wait, unread. Neighbours hear of the address right before, and not
     * earlier: what a client sends here is reset, and one that is connecting again when it is tickled tries again only after 3 s.
     */
    private void tickle() {
        List<Connection> before = holding.recordConnections(berth.connections(), nanoClock.getAsLong());
        Wish.View view = berth.wish().view();
        Set<InetAddress> present = berth.wish().present();
        berth.notices().announce(present);
        berth.notices().tickle(present);
        berth.report()
                .expects(
                        before.stream()
                                .filter(connection ->
                                        present.contains(connection.local().getAddress()))
                                .toList(),
                        view.seen());
        berth.report().done("tickled");
    }

    private boolean lastAnswersAreGiven(Runnable again) {
        long now = nanoClock.getAsLong();
        if (berth.doors().anyOpen()) {
            berth.gate().shut();
            lastAnswers = berth.doors().hold();
            heldSince = now;
            if (!lastAnswers.isDone()) {
                var unused = lastAnswers.whenComplete((nothing, error) -> again.run());
            }
        }
        return lastAnswers.isDone() || now - heldSince >= LAST_ANSWERS;
    }

    private Holding take() throws IOException {
        holding.beginAttempt();
        berth.crew().take((participant, mooring) -> {
            holding.give(participant, mooring);
            berth.report().done(participant);
        });
        Holding taken = holding;
        holding = null;
        begun = false;
        return taken;
    }

    private void await(String why) {
        berth.report().waits(why, waitedFor(settings.state().patience().toNanos()));
        if (waitedFor(PATIENCE)) {
            berth.gate().answerLater();
            berth.notices().announce(berth.wish().present());
            berth.doors().open(berth.wish()::present);
        }
    }

    /** When it is worth to try again. */
    Duration pause() {
        return waitedFor(HASTE) ? LATER : SOON;
    }

    private boolean waitedFor(long nanos) {
        return nanoClock.getAsLong() - since >= nanos;
    }

    /** It is not wanted any more, or cannot be had: lets go what is held, and lets nobody in. */
    void giveUp() {
        berth.gate().shut();
        if (berth.doors().anyOpen()) {
            var unused = berth.doors().hold();
        }
        Holding held = holding;
        holding = null;
        begun = false;
        if (held != null) {
            held.state().settle();
            berth.connections().stopRecording();
            berth.notices().endTickles();
            berth.watch().end();
            held.close();
        }
    }
}
