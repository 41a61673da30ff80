package io.mooring.lockd.internal.nlm;

import io.mooring.lockd.internal.locks.Locks;
import io.mooring.lockd.internal.locks.Outcome;
import io.mooring.lockd.internal.locks.Outcome.Status;
import io.mooring.lockd.internal.table.LockRequest;
import io.mooring.vfs.LockTargets.Opener;
import io.mooring.vfs.VfsException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes locks that clients had before an address came. The node, or the process, that had the address may hold them in the
 * file system a moment longer, and a client that is refused takes its lock for lost: so it is tried for a while. Nothing
 * tells when a file system's lock is free. Thread-safe: immutable.
 */
record Reclaims(Locks locks) {
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int ATTEMPTS = 100;

    Outcome lock(LockRequest request, int state, Opener opener) throws VfsException {
        Outcome outcome = locks.lock(request, state, null, opener);
        for (int attempts = 1; attempts < ATTEMPTS && isKeptByOthers(outcome); attempts++) {
            LockSupport.parkNanos(PAUSE.toNanos());
            outcome = locks.lock(request, state, null, opener);
        }
        return outcome;
    }

    private static boolean isKeptByOthers(Outcome outcome) {
        return outcome.status() == Status.DENIED
                && (outcome.holder() == null || outcome.holder().owner() == null);
    }
}
