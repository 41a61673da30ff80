package io.mooring.lockd.internal.locks;

import io.mooring.lockd.internal.table.Holder;

/**
 * What became of a request. Immutable.
 *
 * @param holder who is in the way, where it was denied; null: not known
 */
public record Outcome(Status status, Holder holder) {

    /** What became of it. */
    public enum Status {
        GRANTED,
        BLOCKED,
        DENIED,
        DEADLOCK,
        NO_LOCKS,
        /** The service address left meanwhile. */
        GONE
    }

    static Outcome of(Status status) {
        return new Outcome(status, null);
    }
}
