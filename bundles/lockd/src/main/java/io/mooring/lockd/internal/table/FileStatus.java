package io.mooring.lockd.internal.table;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is held and waited for in one file, for people. Immutable. */
public record FileStatus(List<Held> held, List<Waiting> waiting) {
    static final FileStatus EMPTY = new FileStatus(List.of(), List.of());

    /**
     * A lock.
     *
     * @param since milliseconds since 1970
     */
    public record Held(Owner owner, Range range, boolean exclusive, long since) {}

    /**
     * A waiter.
     *
     * @param blockedBy null: nobody in the table
     */
    public record Waiting(Waiter waiter, Holder blockedBy) {}

    /** Our addresses through which it is held or waited for. */
    public Stream<InetAddress> services() {
        Stream<Owner> owners = Stream.concat(
                held.stream().map(Held::owner),
                waiting.stream().map(w -> w.waiter().request().owner()));
        return owners.map(owner -> owner.host().service());
    }

    static FileStatus of(LockedFile file) {
        List<Held> held = new ArrayList<>();
        for (Owner owner : file.owners()) {
            for (Segment segment : file.of(owner)) {
                held.add(new Held(segment.owner, segment.range(), segment.exclusive, segment.since));
            }
        }
        List<Waiting> waiting = new ArrayList<>();
        for (Waiter waiter : file.waiters.values()) {
            LockRequest request = waiter.request();
            Segment blocker = file.conflict(request.owner(), request.range(), request.exclusive());
            waiting.add(new Waiting(waiter, blocker == null ? null : Holder.of(blocker)));
        }
        return new FileStatus(List.copyOf(held), List.copyOf(waiting));
    }
}
