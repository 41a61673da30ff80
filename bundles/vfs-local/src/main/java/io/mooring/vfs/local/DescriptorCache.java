package io.mooring.vfs.local;

import io.mooring.posix.Errno;
import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.posix.Statx;
import io.mooring.vfs.FileId;
import io.mooring.vfs.VfsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects of one tree that are held open. Users are counted: descriptors are closed only when nobody uses them, or
 * their numbers could be reused under a running call. What has unsynced data is synced before it goes. The least recently
 * used go first. Thread-safe.
 */
final class DescriptorCache {
    private static final Logger LOG = LoggerFactory.getLogger(DescriptorCache.class);
    private static final int LOOK_AT = 64;
    private static final long COMPLAIN_EVERY_NANOS = 10_000_000_000L;

    private final Handles handles;
    private final SelfFd selfFd;
    private final DescriptorBudget budget;
    private final WriteVerifier verifier;
    private final LongSupplier nanoTime;
    private final LinkedHashMap<FileId, OpenObject> objects = new LinkedHashMap<>(64, 0.75f, true);
    private long complained;

    DescriptorCache(
            Handles handles, SelfFd selfFd, DescriptorBudget budget, WriteVerifier verifier, LongSupplier nanoTime) {
        this.handles = handles;
        this.selfFd = selfFd;
        this.budget = budget;
        this.verifier = verifier;
        this.nanoTime = nanoTime;
        this.complained = nanoTime.getAsLong() - COMPLAIN_EVERY_NANOS;
    }

    /** The object with this id, opened when it is not open yet; the user closes it. */
    OpenObject acquire(FileId id, Scratch scratch) throws VfsException {
        OpenObject open = acquireIfOpen(id);
        if (open != null) {
            return open;
        }
        int path = opening(() -> handles.open(id, scratch), scratch);
        if (path == -Errno.EINVAL) {
            throw new VfsException(VfsException.Status.BADHANDLE, "this never named an object: " + id);
        }
        Failures.check(path, "open by handle");
        Statx stat;
        try {
            stat = Stat.of(path, scratch);
        } catch (VfsException e) {
            PosixFiles.close(path);
            throw e;
        }
        open = insert(new OpenObject(this, id, path, stat));
        if (open.path() != path) {
            PosixFiles.close(path);
        } else {
            budget.add(1);
            shed(scratch);
        }
        return open;
    }

    /** Null where it is not open. */
    OpenObject acquireIfOpen(FileId id) {
        synchronized (objects) {
            OpenObject open = objects.get(id);
            if (open != null) {
                open.users++;
            }
            return open;
        }
    }

    private OpenObject insert(OpenObject fresh) {
        synchronized (objects) {
            OpenObject open = objects.computeIfAbsent(fresh.id(), id -> fresh);
            open.users++;
            return open;
        }
    }

    void release(OpenObject object) {
        boolean last;
        synchronized (objects) {
            object.users--;
            object.lastUsed = nanoTime.getAsLong();
            last = object.users == 0 && object.dropped;
        }
        if (last) {
            close(object);
        }
    }

    /** The object is gone from the tree: its space is to be freed as soon as nobody uses it. */
    void drop(FileId id) {
        OpenObject open;
        boolean unused;
        synchronized (objects) {
            open = objects.remove(id);
            if (open == null) {
                return;
            }
            open.dropped = true;
            unused = open.users == 0;
        }
        if (unused) {
            close(open);
        }
    }

    /** Closes what was not used for so long. */
    void closeIdle(long nanos, Scratch scratch) {
        long before = nanoTime.getAsLong() - nanos;
        while (closeOldest(before, scratch)) {
            // One at a time, so that users never wait for all.
        }
    }

    /** Closes all; nobody may use any more. Unsynced data need no sync: the next verifier makes clients write again. */
    void closeAll() {
        List<OpenObject> all;
        synchronized (objects) {
            all = new ArrayList<>(objects.values());
            objects.clear();
        }
        all.forEach(this::close);
    }

    int size() {
        synchronized (objects) {
            return objects.size();
        }
    }

    /** Opens a directory for reading. */
    int openDirectory(int path, Scratch scratch) {
        int flags = PosixFiles.O_RDONLY | PosixFiles.O_DIRECTORY | PosixFiles.O_CLOEXEC;
        byte[] dot = {'.'};
        return counting(opening(() -> PosixFiles.openat(path, scratch.otherName(dot), flags, 0), scratch));
    }

    /** Opens the same object anew. */
    int reopen(int path, int flags, Scratch scratch) {
        return counting(opening(() -> selfFd.reopen(path, flags, scratch), scratch));
    }

    /** Opens something: a descriptor or a negative errno. Tries again with idle ones closed where too many are open. */
    int opening(IntSupplier open, Scratch scratch) {
        int result = open.getAsInt();
        return madeRoom(result, scratch) ? tellShortage(open.getAsInt()) : result;
    }

    /** Closes idle descriptors after a result that means that too many are open; then it is worth to try again. */
    boolean madeRoom(int result, Scratch scratch) {
        if (!isShortage(result)) {
            return false;
        }
        closeIdle(0, scratch);
        return true;
    }

    /** Passes a result on, and logs what to change where it still means that too many are open. */
    int tellShortage(int result) {
        if (isShortage(result)) {
            complain(-result);
        }
        return result;
    }

    private static boolean isShortage(int result) {
        return result == -Errno.EMFILE || result == -Errno.ENFILE;
    }

    void counted(int descriptors) {
        budget.add(descriptors);
    }

    private int counting(int descriptor) {
        if (descriptor >= 0) {
            budget.add(1);
        }
        return descriptor;
    }

    private void shed(Scratch scratch) {
        while (budget.exceeded() && closeOldest(nanoTime.getAsLong(), scratch)) {
            // Until there is room, or nothing is idle.
        }
    }

    /**
     * Closes the one that is unused for longest. A dirty one stays in the map while it is synced, so that a commit
     * meanwhile meets the same descriptor and the same error.
     *
     * @return false where none was last used before that time
     */
    private boolean closeOldest(long before, Scratch scratch) {
        OpenObject victim;
        boolean dirty;
        synchronized (objects) {
            victim = firstUnused();
            if (victim == null || victim.lastUsed - before > 0) {
                return false;
            }
            dirty = victim.dirty();
            if (dirty) {
                victim.users++;
            } else {
                objects.remove(victim.id());
            }
        }
        if (!dirty || cleaned(victim, scratch)) {
            close(victim);
        }
        return true;
    }

    /** Syncs; true when it then could be taken out. */
    private boolean cleaned(OpenObject victim, Scratch scratch) {
        victim.sync(scratch);
        synchronized (objects) {
            victim.users--;
            if (victim.users > 0 || (victim.dirty() && !victim.dropped)) {
                return false;
            }
            if (!victim.dropped) {
                objects.remove(victim.id());
            }
            return true;
        }
    }

    /** Data of an object could not be brought to the disk. */
    void writeBackFailed(int errno) {
        verifier.renew("sync of a file", errno);
    }

    private OpenObject firstUnused() {
        int looked = 0;
        for (OpenObject object : objects.values()) {
            if (object.users == 0) {
                return object;
            }
            if (++looked == LOOK_AT) {
                return null;
            }
        }
        return null;
    }

    private void close(OpenObject object) {
        budget.add(-object.closeDescriptors());
    }

    private void complain(int errno) {
        long now = nanoTime.getAsLong();
        synchronized (objects) {
            if (now - complained < COMPLAIN_EVERY_NANOS) {
                return;
            }
            complained = now;
        }
        LOG.error(
                "Too many open files (errno {}), {} of them kept by file systems: clients are asked to wait. Raise"
                        + " 'ulimit -n' (now {}) or lower maxDescriptors in io.mooring.vfs.local",
                errno,
                budget.open(),
                PosixFiles.descriptorLimit());
    }
}
