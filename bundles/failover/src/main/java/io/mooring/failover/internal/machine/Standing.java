package io.mooring.failover.internal.machine;

import io.mooring.failover.ServiceStatus.State;
import java.time.Instant;

/** What a service is up to, since when, and why. Immutable. */
record Standing(State state, Instant since, String message) {

    Standing next(State next, String why, Instant now) {
        return next == state && why.equals(message) ? this : new Standing(next, next == state ? since : now, why);
    }
}
