package io.mooring.lockd.internal.table;

import io.mooring.lockd.internal.table.Change.Granted;
import io.mooring.lockd.internal.table.Change.Held;
import io.mooring.lockd.internal.table.Change.Part;
import io.mooring.lockd.internal.table.Change.Waits;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** All that is so of one file, as changes, for those that came by certain addresses. Used within the table's monitor. */
record FileContents(LockedFile file, Owners owners, Predicate<InetAddress> services) {

    List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        file.shares.forEach((owner, access, mode) -> {
            if (isOurs(owner)) {
                changes.add(new Change.Shared(file.key, owner, owners.state(owner), access, mode));
            }
        });
        // What they made of the owners' locks may have changed: before what is held.
        for (Unconfirmed grant : file.unconfirmed.values()) {
            LockRequest request = grant.request();
            // What its owner lost meanwhile is settled.
            if (isOurs(request.owner()) && file.covers(request.owner(), request.range(), request.exclusive())) {
                long since = file.of(request.owner(), request.range()).get(0).since;
                changes.add(new Granted(grant, owners.state(request.owner()), since));
            }
        }
        for (Owner owner : file.owners()) {
            if (isOurs(owner)) {
                List<Part> parts = file.of(owner).stream().map(Segment::part).toList();
                changes.addAll(Held.all(file.key, owner, owners.state(owner), Range.ALL, parts));
            }
        }
        for (Waiter waiter : file.waiters.values()) {
            Owner owner = waiter.request().owner();
            if (isOurs(owner)) {
                changes.add(new Waits(waiter, owners.state(owner)));
            }
        }
        return changes;
    }

    private boolean isOurs(Owner owner) {
        return services.test(owner.host().service());
    }
}
