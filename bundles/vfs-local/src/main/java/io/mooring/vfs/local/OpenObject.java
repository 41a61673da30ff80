package io.mooring.vfs.local;

import io.mooring.posix.Errno;
import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.posix.Statx;
import io.mooring.vfs.FileId;

/**
 * One object of the tree, held open: by an O_PATH descriptor from the start, for reading and for writing when that is
 * first needed. All are opened with the server's own rights, so that none may be used for a caller without the kernel's
 * verdict. Closing it gives it back to the cache, which alone closes the descriptors. Thread-safe.
 */
final class OpenObject implements AutoCloseable {
    private static final int READ_FLAGS = PosixFiles.O_RDONLY | PosixFiles.O_NONBLOCK | PosixFiles.O_NOCTTY;

    private final DescriptorCache cache;
    private final FileId id;
    private final int path;
    private final int type;
    private final Verdicts verdicts = new Verdicts();
    private final ChangeLock changeLock = new ChangeLock();

    private int reader = -1;
    private int writer = -1;
    private volatile boolean dirty;
    /** Held from the sync until its error is told. */
    private final Object syncing = new Object();

    // Guarded by the cache.
    int users;
    boolean dropped;
    long lastUsed;

    OpenObject(DescriptorCache cache, FileId id, int path, Statx stat) {
        this.cache = cache;
        this.id = id;
        this.path = path;
        this.type = stat.type();
    }

    FileId id() {
        return id;
    }

    /** The O_PATH descriptor. */
    int path() {
        return path;
    }

    boolean isDirectory() {
        return type == Statx.S_IFDIR;
    }

    boolean isRegular() {
        return type == Statx.S_IFREG;
    }

    boolean isSymlink() {
        return type == Statx.S_IFLNK;
    }

    Verdicts verdicts() {
        return verdicts;
    }

    ChangeLock changeLock() {
        return changeLock;
    }

    /** A descriptor that can be read and synced, or a negative errno. Of files and directories only. */
    synchronized int reader(Scratch scratch) {
        if (writer >= 0) {
            return writer;
        }
        if (reader < 0) {
            reader = isDirectory() ? cache.openDirectory(path, scratch) : cache.reopen(path, READ_FLAGS, scratch);
        }
        return reader;
    }

    /** A descriptor that can be written (and read, where the server may), or a negative errno. */
    synchronized int writer(Scratch scratch) {
        if (writer < 0) {
            int opened = cache.reopen(path, PosixFiles.O_RDWR | PosixFiles.O_NONBLOCK, scratch);
            if (opened == -Errno.EACCES && reader < 0) {
                // A plain user's own file may be writable only.
                opened = cache.reopen(path, PosixFiles.O_WRONLY | PosixFiles.O_NONBLOCK, scratch);
            }
            if (opened < 0) {
                return opened;
            }
            writer = opened;
        }
        return writer;
    }

    /** Takes over a descriptor that was opened for reading and writing when the file was made. */
    void adoptWriter(int descriptor) {
        synchronized (this) {
            if (writer < 0) {
                writer = descriptor;
                cache.counted(1);
                return;
            }
        }
        PosixFiles.close(descriptor);
    }

    /**
     * Data were written that nobody has brought to the disk. By the writer, who still uses the object: until it gives it back
     * nobody evicts it, so that none can miss the mark.
     */
    void markDirty() {
        dirty = true;
    }

    boolean dirty() {
        return dirty;
    }

    /**
     * Brings it to stable storage.
     *
     * @return 0 or a negative errno
     */
    int sync(Scratch scratch) {
        int descriptor = reader(scratch);
        if (descriptor < 0) {
            return descriptor;
        }
        synchronized (syncing) {
            dirty = false;
            return toldOf(PosixFiles.fsync(descriptor));
        }
    }

    /** Likewise, but time stamps only where they are needed to find the data again. */
    int syncData(Scratch scratch) {
        int descriptor = reader(scratch);
        if (descriptor < 0) {
            return descriptor;
        }
        synchronized (syncing) {
            return toldOf(PosixFiles.fdatasync(descriptor));
        }
    }

    /**
     * The kernel tells of a write-back error once per open file: whoever syncs next hears of none. The verifier has to be new
     * by then, or that one would call data stable that are lost.
     */
    private int toldOf(int result) {
        if (result < 0) {
            cache.writeBackFailed(-result);
        }
        return result;
    }

    /** Closes the descriptors; the cache calls it once, when nobody uses the object. Returns how many they were. */
    synchronized int closeDescriptors() {
        int closed = 1;
        if (reader >= 0) {
            PosixFiles.close(reader);
            closed++;
        }
        if (writer >= 0) {
            PosixFiles.close(writer);
            closed++;
        }
        PosixFiles.close(path);
        return closed;
    }

    /** Gives it back. */
    @Override
    public void close() {
        cache.release(this);
    }
}
