package io.mooring.failover.internal.machine;

import io.mooring.failover.ServiceStatus.State;
import io.mooring.failover.TakeOver;
import io.mooring.failover.internal.connection.Connection;
import io.mooring.failover.internal.connection.ConnectionTable;
import java.time.Clock;
import java.util.Collection;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is told of a service: its standing, its last take-over, its counters, lines in the log. Thread-safe by its monitor. */
final class Report {
    private static final Logger LOG = LoggerFactory.getLogger(Report.class);

    private final String service;
    private final Clock clock;
    private final LongSupplier nanoClock;
    private Standing standing;
    /** Why it waits, as the log has it. */
    private String said = "";

    /** Null before the first take-over. */
    private Journey journey;

    private long takeOvers;
    private long releases;
    private long failures;
    private long restored;

    Report(String service, Clock clock, LongSupplier nanoClock) {
        this.service = service;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.standing = new Standing(State.ABSENT, clock.instant(), "");
    }

    synchronized Standing standing() {
        return standing;
    }

    synchronized boolean is(State state) {
        return standing.state() == state;
    }

    /** Nothing is to be said about it. */
    synchronized void settle(State state) {
        standing = standing.next(state, "", clock.instant());
    }

    /** It waits; says why in the log where it is time to, once. */
    synchronized void waits(String why, boolean say) {
        if (say && !why.equals(said)) {
            said = why;
            LOG.warn("failover: {}: waits: {}", service, why);
        }
        standing = standing.next(State.WAITING, why, clock.instant());
    }

    /** It is being released, and something takes long. */
    synchronized void releasing(String why) {
        LOG.warn("failover: {}: is being released: {}", service, why);
        standing = standing.next(State.RELEASING, why, clock.instant());
    }

    /** It cannot be served; says so once. */
    synchronized void fails(State how, String why) {
        failures++;
        if (standing.state() != how || !why.equals(standing.message())) {
            LOG.error("failover: {}: is not served: {}", service, why);
        }
        standing = standing.next(how, why, clock.instant());
    }

    synchronized void begins(long seen) {
        said = "";
        journey = new Journey(clock.instant(), nanoClock.getAsLong(), seen);
    }

    synchronized void done(String phase) {
        journey.done(phase, nanoClock.getAsLong());
    }

    synchronized void restored(int replies) {
        restored += replies;
    }

    synchronized void serves() {
        takeOvers++;
        done("serving");
        LOG.info("failover: {}: serves ({})", service, journey);
        settle(State.SERVING);
    }

    /** The address is here; these are told, and expected to come back. */
    synchronized void expects(Collection<Connection> connections, long addressSeen) {
        journey.expect(connections, addressSeen);
    }

    /** Looks who came back. */
    synchronized void look(ConnectionTable connections) {
        if (journey != null) {
            journey.look(connections);
        }
    }

    synchronized void released(long since) {
        releases++;
        LOG.info("failover: {}: is released after {} ms", service, (nanoClock.getAsLong() - since) / 1_000_000);
    }

    /** Null before the first. */
    synchronized TakeOver takeOver() {
        return journey == null ? null : journey.toTakeOver();
    }

    synchronized long takeOvers() {
        return takeOvers;
    }

    synchronized long releases() {
        return releases;
    }

    synchronized long failures() {
        return failures;
    }

    synchronized long restored() {
        return restored;
    }
}
