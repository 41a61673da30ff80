package io.mooring.failover.internal;

import io.mooring.failover.internal.machine.HeldState;
import io.mooring.failover.internal.machine.StateSource;
import io.mooring.failover.internal.machine.StateUnavailable;

/** temporary. */
record OwnedStates(String node) implements StateSource {
    static OwnedStates ofThisNode() {
        return new OwnedStates("x");
    }

    @Override
    public HeldState take(ServiceSettings service, boolean force) throws StateUnavailable {
        throw new StateUnavailable(true, "x", null);
    }
}
