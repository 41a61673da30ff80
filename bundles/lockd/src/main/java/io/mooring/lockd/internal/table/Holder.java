package io.mooring.lockd.internal.table;

/**
 * Who is in the way. Immutable.
 *
 * @param owner null: a process of this host, or of another node
 * @param svid the process; 0 where it is not known
 */
public record Holder(Owner owner, int svid, Range range, boolean exclusive) {

    static Holder of(Segment segment) {
        return new Holder(segment.owner, segment.owner.svid(), segment.range(), segment.exclusive);
    }
}
