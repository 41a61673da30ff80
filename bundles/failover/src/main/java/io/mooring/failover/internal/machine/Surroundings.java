package io.mooring.failover.internal.machine;

import io.mooring.failover.internal.Turns;
import io.mooring.failover.internal.connection.Announcements;
import io.mooring.failover.internal.connection.Tickler;
import java.time.Clock;

/**
 * What a machine works with. Immutable.
 *
 * @param node this node's name
 * @param turns the machine's own thread
 * @param watch a thread on which the state directory is asked, which may hang
 * @param outside where tickles are sent
 */
public record Surroundings(
        String node, Roster roster, StateSource states, Turns turns, Turns watch, Outside outside, Clock clock) {

    /** How clients and neighbours are told. */
    public record Outside(Turns turns, Tickler.Sender tickles, Announcements announcements) {}
}
