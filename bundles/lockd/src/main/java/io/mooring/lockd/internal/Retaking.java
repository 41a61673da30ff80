package io.mooring.lockd.internal;

import io.mooring.lockd.internal.locks.Locks;
import io.mooring.lockd.internal.table.Change;
import io.mooring.lockd.internal.table.Change.Granted;
import io.mooring.lockd.internal.table.Change.Held;
import io.mooring.lockd.internal.table.Change.Shared;
import io.mooring.lockd.internal.table.Change.Waits;
import io.mooring.lockd.internal.table.FileKey;
import io.mooring.lockd.internal.table.Range;
import io.mooring.lockd.internal.table.Unconfirmed;
import io.mooring.vfs.LockTargets;
import io.mooring.vfs.LockTargets.LockedFile;
import io.mooring.vfs.LockTargets.Opener;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in the file system what a service's clients hold. The node, or the process, that had the service may hold it a moment
 * longer: so it is tried for a while. Nothing tells when a file system's lock is free. Immutable.
 */
record Retaking(Locks locks, LockTargets targets) {
    private static final Logger LOG = LoggerFactory.getLogger(Retaking.class);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int ATTEMPTS = 100;

    /** Returns when it is done, or nobody waits for it any more; clients have their locks in any case. */
    void retake(Map<FileKey, List<Change>> contents) {
        Map<FileKey, List<Change>> left = new HashMap<>(contents);
        left.values().removeIf(changes -> changes.stream().noneMatch(Held.class::isInstance));
        Map<FileKey, String> reasons = new HashMap<>();
        for (int attempt = 0; attempt < ATTEMPTS && !left.isEmpty(); attempt++) {
            if (attempt > 0) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
            left.entrySet().removeIf(file -> retake(file.getKey(), file.getValue(), reasons));
        }
        left.forEach((file, changes) -> warn(file, changes, reasons.get(file)));
    }

    private void warn(FileKey file, List<Change> changes, String reason) {
        LOG.warn("lockd: {} is locked by clients, but not in its file system: {}", describe(file, changes), reason);
    }

    /** False where it may be done later. */
    private boolean retake(FileKey file, List<Change> changes, Map<FileKey, String> reasons) {
        Opener opener;
        try {
            opener = targets.reopen(new LockedFile(file.fsid(), file.id()), service(changes));
        } catch (VfsException e) {
            if (e.status() == Status.STALE) {
                // Its export is gone: nobody can use the file, and who locked it can still unlock it.
                warn(file, changes, e.getMessage());
                return true;
            }
            reasons.put(file, e.getMessage());
            return false;
        }
        try {
            reasons.put(file, "another process, or another node, has a lock in the way (it is tried again)");
            return locks.retake(file, opener);
        } catch (VfsException e) {
            if (e.status() == Status.STALE || e.status() == Status.NOENT) {
                LOG.debug("lockd: a locked file is gone: {}", file, e);
                drop(changes);
                return true;
            }
            reasons.put(file, e.getMessage());
            return false;
        }
    }

    /** Waiters first, so that none gets what is then released. */
    private void drop(List<Change> changes) {
        for (Change change : changes) {
            if (change instanceof Waits waits) {
                locks.cancel(waits.waiter().request());
            }
        }
        for (Change change : changes) {
            if (change instanceof Held held) {
                locks.unlock(held.file(), held.owner(), Range.ALL);
            } else if (change instanceof Shared shared) {
                locks.unshare(shared.file(), shared.owner());
            }
        }
    }

    private String describe(FileKey file, List<Change> changes) {
        String path = targets.describe(new LockedFile(file.fsid(), file.id()), service(changes));
        return path == null ? file.toString() : path;
    }

    private static InetAddress service(List<Change> changes) {
        return changes.get(0).owner().host().service();
    }

    /** Gives waiters what is free, and tells those again that got something and did not confirm it. */
    static void resume(Locks locks, Map<FileKey, List<Change>> contents) {
        contents.forEach((file, changes) -> {
            List<Unconfirmed> grants = changes.stream()
                    .filter(Granted.class::isInstance)
                    .map(change -> ((Granted) change).grant())
                    .toList();
            locks.resume(file, grants);
        });
    }
}
