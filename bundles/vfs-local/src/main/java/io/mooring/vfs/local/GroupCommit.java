package io.mooring.vfs.local;

import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.vfs.VfsException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Brings metadata to the disk for many callers at once. While one caller's flush runs, the others gather; the next flush is
 * for all of them, and a large group takes a single syncfs instead of one fsync per object. Thread-safe.
 */
final class GroupCommit implements SyncPolicy {
    /** Up to so many objects are cheaper one by one than with everything else that the file system has to write. */
    private static final int ONE_BY_ONE = 4;

    private final int root;
    private final WriteVerifier verifier;
    private Group gathering = new Group();
    private boolean flushing;

    /** Callers that share a flush. Guarded by the policy, until it is flushed. */
    private static final class Group {
        final Set<OpenObject> objects = Collections.newSetFromMap(new IdentityHashMap<>());
        boolean done;
        int result;
    }

    /**
     * @param root a descriptor of the file system that can be synced; stays the giver's to close
     */
    GroupCommit(int root, WriteVerifier verifier) {
        this.root = root;
        this.verifier = verifier;
    }

    @Override
    public boolean stableWrites() {
        return true;
    }

    @Override
    public void metadata(OpenObject... changed) throws VfsException {
        Group mine = join(changed);
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

    private void flush(Group group) {
        int result = -io.mooring.posix.Errno.EIO;
        try {
            result = sync(group.objects);
        } finally {
            synchronized (this) {
                group.result = result;
                group.done = true;
                flushing = false;
                notifyAll();
            }
        }
        if (result < 0) {
            verifier.renew("sync of metadata", -result);
        }
    }

    private int sync(Set<OpenObject> objects) {
        Scratch scratch = Scratch.mine();
        if (objects.size() > ONE_BY_ONE) {
            return PosixFiles.syncfs(root);
        }
        for (OpenObject object : objects) {
            int result = sync(object, scratch);
            if (result < 0) {
                return result;
            }
        }
        return 0;
    }

    private int sync(OpenObject object, Scratch scratch) {
        boolean canSync = (object.isRegular() || object.isDirectory()) && object.reader(scratch) >= 0;
        return canSync ? object.sync(scratch) : PosixFiles.syncfs(root);
    }
}
