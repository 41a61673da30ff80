package io.mooring.failover.internal.machine;

import io.mooring.failover.internal.Turns;
import io.mooring.failover.internal.connection.ConnectionTable;
import java.time.Duration;

/**
 * Looks after a state for as long as it is held, taken by all or not yet, served or drained: whether it is still this node's, and
 * who connected and went. On a thread of its own, as the state directory may hang; it begins and ends on the machine's.
 */
final class Watch {
    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final Turns turns;
    private final Doors doors;
    private final ConnectionTable connections;
    private final Report report;
    private final Runnable lost;
    /** Null while nothing is held. */
    private volatile Tenure tenure;

    /**
     * Watches nothing.
     *
     * @param doors held for as long as it is not known whose the state is
     * @param lost called, on any thread, when another node has what is held
     */
    Watch(Turns turns, Doors doors, ConnectionTable connections, Report report, Runnable lost) {
        this.turns = turns;
        this.doors = doors;
        this.connections = connections;
        this.report = report;
        this.lost = lost;
    }

    void begin(HeldState state) {
        Tenure fresh = new Tenure(state, turns::nanoTime, new Tenure.Verdicts(doors::resume, doors::pause, lost));
        tenure = fresh;
        again(fresh);
    }

    private void again(Tenure current) {
        turns.later(INTERVAL, () -> look(current));
    }

    private void look(Tenure current) {
        if (tenure == current) {
            again(current);
            current.verify();
            connections.settle(turns.nanoTime());
            report.look(connections);
        }
    }

    /** How sure it is of what is held. */
    Tenure tenure() {
        return tenure;
    }

    /** Whether it has not been known for longer than a moment whose the state is. */
    boolean isInDoubt() {
        Tenure current = tenure;
        return current != null && current.isInDoubt();
    }

    /** To be called before the state is let go: what it says from then on does not count. */
    void end() {
        Tenure ended = tenure;
        tenure = null;
        if (ended != null) {
            ended.end();
        }
    }
}
