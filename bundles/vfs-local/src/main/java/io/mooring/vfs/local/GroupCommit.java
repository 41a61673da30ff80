package io.mooring.vfs.local;

import io.mooring.posix.Errno;
import io.mooring.vfs.VfsException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Brings metadata to the disk for many callers at once. While one caller's flush runs, the others gather; the next flush is
 * for all of them. Thread-safe.
 */
final class GroupCommit implements SyncPolicy {
    private final Disk disk;
    private final boolean ordered;
    private final WriteVerifier verifier;
    private Group gathering = new Group();
    private boolean flushing;

    /** Callers that share a flush. Guarded by the policy, until it is flushed. */
    private static final class Group {
        final Set<OpenObject> objects = Collections.newSetFromMap(new IdentityHashMap<>());
        boolean done;
        int result;
    }

    /** What a flush does: 0 or a negative errno. */
    @FunctionalInterface
    interface Disk {
        int sync(Set<OpenObject> objects);
    }

    /**
     * @param ordered the file system's journal brings changes to the disk in the order in which they were made, so that
     *     syncing the object that was changed last takes the others along
     */
    GroupCommit(Disk disk, boolean ordered, WriteVerifier verifier) {
        this.disk = disk;
        this.ordered = ordered;
        this.verifier = verifier;
    }

    @Override
    public boolean stableWrites() {
        return true;
    }

    @Override
    public void metadata(OpenObject... changed) throws VfsException {
        Group mine = join(ordered ? new OpenObject[] {changed[0]} : changed);
        if (!mine.done) {
            flush(mine);
        }
        Failures.check(mine.result, "sync of metadata");
    }

    /** Joins the gathering group and waits for it; where it comes back undone the caller is to flush it. */
    private synchronized Group join(OpenObject... changed) {
        Group mine = gathering;
        Collections.addAll(mine.objects, changed);
        boolean interrupted = false;
        while (flushing && !mine.done) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!mine.done) {
            flushing = true;
            gathering = new Group();
        }
        return mine;
    }

    /** How many objects wait for the next flush. */
    synchronized int gathering() {
        return gathering.objects.size();
    }

    private void flush(Group group) {
        int result = -Errno.EIO;
        try {
            result = disk.sync(group.objects);
            if (result < 0) {
                verifier.renew("sync of metadata", -result);
            }
        } finally {
            synchronized (this) {
                group.result = result;
                group.done = true;
                flushing = false;
                notifyAll();
            }
        }
    }
}
