package io.mooring.lockd.internal.table;

import java.util.List;

/**
 * A lock that a waiter got, and that its client may not know of. Immutable.
 *
 * @param callBack how it is told
 * @param before what the owner held of the range until then
 */
public record Unconfirmed(LockRequest request, CallBack callBack, List<Holder> before) {
    /** What a journal can say in one record, and nobody needs. */
    static final int MAX_BEFORE = 10_000;

    public Unconfirmed {
        before = List.copyOf(before);
    }
}
