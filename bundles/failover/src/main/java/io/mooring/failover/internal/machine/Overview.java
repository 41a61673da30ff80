package io.mooring.failover.internal.machine;

import io.mooring.failover.ServiceStatus;
import io.mooring.failover.ServiceStatus.Counters;
import io.mooring.failover.ServiceStatus.Ownership;
import io.mooring.failover.ServiceStatus.State;
import io.mooring.failover.internal.ServiceSettings;
import io.mooring.failover.internal.machine.Taking.Berth;
import java.util.List;

/** What people are shown of a service. Immutable; what it looks at is thread-safe. */
record Overview(String node, ServiceSettings settings, Berth berth) {

    /** As it is now; with what is held, or null. */
    ServiceStatus status(Holding held) {
        berth.report().look(berth.connections());
        Standing standing = berth.report().standing();
        boolean doubtful = standing.state() == State.SERVING && berth.watch().isInDoubt();
        return new ServiceStatus(
                settings.name(),
                doubtful ? State.WAITING : standing.state(),
                standing.since(),
                doubtful || berth.doors().isPaused() ? doubt() : standing.message(),
                settings.declaration().addresses(),
                List.copyOf(berth.wish().present()),
                settings.declaration().exports(),
                settings.declaration().stateDirectory(),
                held == null ? null : ownership(held.state()),
                berth.report().takeOver(),
                counters());
    }

    private String doubt() {
        return "calls wait until it is known whose " + settings.declaration().stateDirectory() + " is";
    }

    private Counters counters() {
        Report report = berth.report();
        return new Counters(
                report.takeOvers(),
                report.releases(),
                report.failures(),
                berth.gate().kept(),
                report.restored(),
                berth.notices().tickles(),
                berth.connections().size(),
                berth.doors().callsUnderWay());
    }

    private Ownership ownership(HeldState state) {
        return new Ownership(node, state.epoch(), state.journalBytes(), state.complete());
    }
}
