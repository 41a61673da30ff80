package io.mooring.lockd.internal.table;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for a circle of owners that wait for each other, which the request would close. Used once, within the table's
 * monitor.
 */
final class DeadlockSearch {
    /** Steps before it gives up: a circle through so many owners would stay undetected, and end by CANCEL. */
    private static final int MAX_STEPS = 100_000;

    private final Map<FileKey, LockedFile> files;
    private final Owners owners;
    private final Set<Owner> seen = new HashSet<>();
    private final Deque<Owner> open = new ArrayDeque<>();
    private int steps;

    DeadlockSearch(Map<FileKey, LockedFile> files, Owners owners) {
        this.files = files;
        this.owners = owners;
    }

    boolean wouldWaitForItself(LockRequest request) {
        Owner self = request.owner();
        // Whoever waits for this owner is blocked; where nobody is, there is no circle.
        if (owners.blocked().isEmpty()) {
            return false;
        }
        addBlockers(request, self);
        while (!open.isEmpty() && steps < MAX_STEPS) {
            for (LockRequest waiting : owners.waiting(open.remove())) {
                if (blocks(self, waiting)) {
                    return true;
                }
                addBlockers(waiting, self);
            }
        }
        return false;
    }

    private boolean blocks(Owner owner, LockRequest waiting) {
        LockedFile file = files.get(waiting.file());
        return !owner.equals(waiting.owner()) && file.blocks(owner, waiting.range(), waiting.exclusive());
    }

    /** Adds those that are in the way and wait themselves: by looking at the holders, or at all that wait, if these are fewer. */
    private void addBlockers(LockRequest request, Owner self) {
        LockedFile file = files.get(request.file());
        if (file == null) {
            return;
        }
        int blocked = owners.blocked().size();
        List<Owner> holders = file.blockers(request.owner(), request.range(), request.exclusive(), blocked);
        if (holders.size() <= blocked) {
            steps += holders.size();
            holders.forEach(this::addBlocked);
            return;
        }
        steps += blocked;
        for (Owner owner : owners.blocked()) {
            if (!owner.equals(self) && blocks(owner, request)) {
                addBlocked(owner);
            }
        }
    }

    private void addBlocked(Owner owner) {
        if (!owners.waiting(owner).isEmpty() && seen.add(owner)) {
            open.add(owner);
        }
    }
}
