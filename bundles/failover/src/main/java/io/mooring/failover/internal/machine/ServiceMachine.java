package io.mooring.failover.internal.machine;

import io.mooring.failover.ServiceStatus;
import io.mooring.failover.ServiceStatus.State;
import io.mooring.failover.internal.ServiceSettings;
import io.mooring.failover.internal.Turns;
import io.mooring.failover.internal.connection.ConnectionTable;
import io.mooring.failover.internal.machine.Taking.Berth;
import io.mooring.failover.internal.machine.Waiters.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a service and releases it, as it is wanted: looks at what is and what should be, and takes the next step, one after
 * the other on the thread of its turns, which owns the fields that are not volatile. Everybody else only sets what is wanted,
 * and holds the doors at once where an address goes or the service is lost. The public methods are thread-safe.
 */
public final class ServiceMachine {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceMachine.class);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private enum Stage {
        OUT,
        SERVING,
        DRAINING,
        ENDED
    }

    private final ServiceSettings settings;
    private final Surroundings around;
    private final Turns turns;
    private final Wish wish;
    private final ConnectionTable connections;
    private final Gate gate;
    private final Doors doors = new Doors();
    private final Crew crew;
    private final Notices notices;
    private final Report report;
    private final Waiters waiters = new Waiters();
    private final Watch watch;
    private final Taking taking;
    private final Drain drain;
    private final Overview overview;

    private Stage stage = Stage.OUT;
    private Roster.Present refused;
    private long retryAt;
    private boolean polling;
    /** What is held while it is served or drained; else null. */
    private volatile Holding holding;
    /** Why it cannot go on; null: it can. */
    private volatile String trouble;

    /** Does nothing before the first event, or {@link #start}. */
    public ServiceMachine(ServiceSettings settings, Surroundings around) {
        this.settings = settings;
        this.around = around;
        this.turns = around.turns();
        this.wish =
                new Wish(settings.declaration().addresses(), settings.moving().automatically());
        this.connections = new ConnectionTable(settings.moving().tickles().connections());
        this.gate = new Gate(connections, turns::nanoTime);
        this.crew = new Crew(settings.declaration(), gate, doors);
        this.notices = new Notices(settings.moving(), around.outside(), connections, wish);
        this.report = new Report(settings.name(), around.clock(), turns::nanoTime);
        this.watch = new Watch(around.watch(), doors, connections, report, this::lose);
        Berth berth = new Berth(wish, gate, doors, crew, notices, connections, report, watch);
        this.taking = new Taking(settings, around.states(), berth, turns::nanoTime, this::stop);
        this.drain = new Drain(settings.moving().drain(), berth, turns::nanoTime);
        this.overview = new Overview(around.node(), settings, berth);
        this.retryAt = turns.nanoTime();
    }

    /**
     * Begins.
     *
     * @param addresses those that this host has
     */
    public void start(List<InetAddress> addresses) {
        boolean released = wish.view().released();
        addresses.forEach(address -> wish.arrived(address, turns.nanoTime()));
        if (released) {
            // By a command that came before; the addresses are none that come.
            wish.release();
        }
        look();
    }

    /** Something may have changed. */
    public void look() {
        turns.soon(this::step);
    }

    public void addressAdded(InetAddress address) {
        if (wish.arrived(address, turns.nanoTime())) {
            connections.addressHere(address);
            look();
        }
    }

    /** When it returns, no call that comes by this address begins any more. */
    public void addressRemoved(InetAddress address) {
        if (wish.left(address)) {
            doors.hold(address);
            connections.addressGone(address);
            notices.gone(address);
            look();
        }
    }

    /** Completes when those who went have been parted with. */
    public CompletableFuture<Void> rosterChanged() {
        CompletableFuture<Void> adapted = waiters.await(Event.ADAPTED);
        look();
        return adapted;
    }

    /** Completes when it is served; fails where it cannot be. */
    public CompletableFuture<Void> take() {
        CompletableFuture<Void> taken = waiters.await(Event.TAKEN);
        wish.take();
        turns.soon(() -> {
            retryAt = turns.nanoTime();
            step();
        });
        return taken;
    }

    /** Completes when nothing of it is held here. */
    public CompletableFuture<Void> release() {
        CompletableFuture<Void> released = waiters.await(Event.RELEASED);
        wish.release();
        look();
        return released;
    }

    /** It is declared no more; completes when nothing of it is held here, and nobody does anything for it. */
    public CompletableFuture<Void> withdraw() {
        CompletableFuture<Void> ended = waiters.await(Event.ENDED);
        wish.withdraw();
        look();
        return ended;
    }

    /** Nothing is executed or answered any more; the rest is done on the machine's thread. */
    private void stop(String why) {
        trouble = why;
        var unused = doors.hold();
        look();
    }

    private void lose() {
        wish.lose();
        stop("another node has taken the service, or its state directory is gone");
    }

    private void step() {
        try {
            switch (stage) {
                case OUT -> out();
                case SERVING -> serving();
                case DRAINING -> draining();
                case ENDED -> tellThatItEnded();
            }
        } catch (RuntimeException e) {
            LOG.error("failover: {}: a step failed", settings.name(), e);
            trouble = "an error in failover: " + e;
            poll(RETRY);
        }
    }

    private void out() {
        Wish.View view = wish.view();
        if (trouble != null) {
            fail();
        }
        if (view.withdrawn()) {
            giveUp();
            crew.close();
            stage = Stage.ENDED;
            tellThatItEnded();
        } else if (!isAdapted()) {
            waiters.happened(Event.RELEASED);
        } else if (!view.wanted()) {
            rest(view);
        } else if (turns.nanoTime() - retryAt < 0) {
            poll(POLL);
        } else {
            tryToTake();
        }
    }

    private void tellThatItEnded() {
        report.settle(State.ABSENT);
        waiters.failed(Event.TAKEN, "the service is not declared any more");
        List.of(Event.ADAPTED, Event.RELEASED, Event.ENDED).forEach(waiters::happened);
    }

    /** False where a participant refuses the service: until others are there. */
    private boolean isAdapted() {
        Roster.Present present = around.roster().present();
        if (present.equals(refused)) {
            waiters.failed(Event.TAKEN, report.standing().message());
        } else if (!crew.is(present)) {
            refused = null;
            try {
                crew.become(present);
            } catch (IllegalArgumentException e) {
                refused = present;
                taking.giveUp();
                String why = "%s (configuration %s)".formatted(e.getMessage(), settings.pid());
                report.fails(State.REFUSED, why);
                waiters.failed(Event.TAKEN, why);
            }
        }
        waiters.happened(Event.ADAPTED);
        return refused == null;
    }

    private void giveUp() {
        notices.end();
        taking.giveUp();
    }

    private void rest(Wish.View view) {
        giveUp();
        if (!view.lost()) {
            report.settle(view.released() || view.here() ? State.RELEASED : State.ABSENT);
        }
        waiters.failed(Event.TAKEN, "the service is released, or its address has gone");
        waiters.happened(Event.RELEASED);
    }

    private void tryToTake() {
        try {
            Holding taken = taking.attempt(this::look);
            if (taken == null) {
                poll(taking.pause());
            } else {
                serve(taken);
            }
        } catch (StateUnavailable e) {
            trouble = e.getMessage();
            fail();
        }
    }

    private void fail() {
        String why = trouble;
        trouble = null;
        taking.giveUp();
        report.fails(State.FAILED, why);
        waiters.failed(Event.TAKEN, why);
        retryAt = turns.nanoTime() + RETRY.toNanos();
        poll(POLL);
    }

    private void serve(Holding taken) {
        stage = Stage.SERVING;
        holding = taken;
        try {
            report.restored(taken.begin(doors));
        } catch (IOException e) {
            trouble = e.getMessage();
        }
        Tenure tenure = watch.tenure();
        gate.serve(tenure, taken.replyStream());
        tenure.verify();
        serving();
    }

    private void serving() {
        Wish.View view = wish.view();
        boolean isWell = trouble == null
                && !view.interrupted()
                && crew.is(around.roster().present());
        if (isWell && view.wanted()) {
            admit(view);
            waiters.happened(Event.ADAPTED);
            waiters.happened(Event.TAKEN);
        } else {
            notices.end();
            drain.begin(isWell && view.here());
            // Whoever is forgotten from now on is still in the journal: no compaction may leave him out.
            holding.state().settle();
            connections.stopRecording();
            stage = Stage.DRAINING;
            var unused = drain.completed().whenComplete((nothing, error) -> look());
            draining();
        }
    }

    /** Opens the doors of the addresses that are here now, and tells clients and neighbours where they were not. */
    private void admit(Wish.View view) {
        Set<InetAddress> fresh = doors.open(wish::present);
        if (!report.is(State.SERVING)) {
            report.serves();
        }
        notices.announce(fresh);
        report.expects(notices.tickle(fresh), view.seen());
    }

    private void draining() {
        if (!drain.isCompleted()) {
            poll(POLL);
            return;
        }
        drain.syncTheRest();
        crew.release();
        gate.shut();
        watch.end();
        Holding held = holding;
        holding = null;
        stage = Stage.OUT;
        held.close();
        drain.end();
        if (trouble != null) {
            fail();
        }
        out();
    }

    private void poll(Duration delay) {
        if (!polling) {
            polling = true;
            turns.later(delay, () -> {
                polling = false;
                step();
            });
        }
    }

    public ServiceStatus status() {
        return overview.status(holding != null ? holding : taking.holding());
    }
}
