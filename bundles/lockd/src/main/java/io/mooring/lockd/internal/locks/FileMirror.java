package io.mooring.lockd.internal.locks;

import io.mooring.lockd.internal.table.Holder;
import io.mooring.lockd.internal.table.Range;
import io.mooring.lockd.internal.table.UnionPart;
import io.mooring.vfs.FileLocks;
import io.mooring.vfs.VfsException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One file's locks in the file system: the union of what all owners hold, in one open file description. Where the file system
 * fails, it says so and does as if there were nobody else: locks among clients go on. Guarded by its file's lock in {@link
 * Locks}.
 */
final class FileMirror implements AutoCloseable {
    /** Null: there is none. */
    private final FileLocks locks;

    private final Consumer<VfsException> failed;

    FileMirror(FileLocks locks, Consumer<VfsException> failed) {
        this.locks = locks;
        this.failed = failed;
    }

    /** False where another process has a lock in the way. */
    boolean lock(Range range, boolean exclusive) {
        if (locks == null) {
            return true;
        }
        try {
            return locks.lock(range.start(), range.end(), exclusive);
        } catch (VfsException e) {
            failed.accept(e);
            return true;
        }
    }

    void unlock(List<Range> ranges) {
        for (Range range : ranges) {
            unlock(range);
        }
    }

    private void unlock(Range range) {
        if (locks != null) {
            try {
                locks.unlock(range.start(), range.end());
            } catch (VfsException e) {
                failed.accept(e);
            }
        }
    }

    /**
     * Makes it what the table says: another process may be faster, but only where the lock gets stronger. False where one was
     * in the way.
     */
    boolean restore(List<UnionPart> union) {
        boolean complete = true;
        for (UnionPart part : union) {
            switch (part.kind()) {
                case NONE -> unlock(part.range());
                case SHARED -> complete &= lock(part.range(), false);
                case EXCLUSIVE -> complete &= lock(part.range(), true);
            }
        }
        return complete;
    }

    /** The process of this host, or of another node, that is in the way; null: none, or it is not known. */
    Holder holder(Range range, boolean exclusive) {
        if (locks == null) {
            return null;
        }
        try {
            Optional<FileLocks.ForeignLock> found = locks.test(range.start(), range.end(), exclusive);
            return found.map(f -> new Holder(null, f.pid(), new Range(f.start(), f.end()), f.exclusive()))
                    .orElse(null);
        } catch (VfsException e) {
            failed.accept(e);
            return null;
        }
    }

    @Override
    public void close() {
        if (locks != null) {
            locks.close();
        }
    }
}
