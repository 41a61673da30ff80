package io.mooring.failover.internal.machine;

import java.io.IOException;

/** A service's state is not to be had. */
public final class StateUnavailable extends IOException {
    private static final long serialVersionUID = 1;

    private final boolean passing;

    /**
     * Says why.
     *
     * @param passing it may be had soon: the storage comes, or the other node gives it up. If not, somebody has to look at it
     */
    public StateUnavailable(boolean passing, String message, Throwable cause) {
        super(message, cause);
        this.passing = passing;
    }

    boolean isPassing() {
        return passing;
    }
}
