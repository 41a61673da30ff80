package io.mooring.lockd.internal.locks;

import io.mooring.lockd.internal.table.FileKey;
import io.mooring.lockd.internal.table.Range;
import io.mooring.lockd.internal.table.UnionPart.Kind;
import io.mooring.vfs.FileLocks;
import io.mooring.vfs.LockTargets.Opener;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A file system that remembers for a few bytes who locks them: we, or a local process. The last byte is all to the end. */
public final class FakeFiles {
    public static final int CELLS = 20;

    private final Map<FileKey, Cells> files = new HashMap<>();
    /** Descriptors that are open. */
    public int open;
    /** Calls that changed something. */
    public int calls;
    /** What a lock does before anything else. */
    public volatile Runnable beforeLock = () -> {};
    /** What every operation fails with; null: none does. */
    public Status failure;

    private static final class Cells {
        final Kind[] ours = filled();
        final Kind[] local = filled();

        private static Kind[] filled() {
            Kind[] cells = new Kind[CELLS];
            Arrays.fill(cells, Kind.NONE);
            return cells;
        }
    }

    private synchronized Cells cells(FileKey file) {
        return files.computeIfAbsent(file, f -> new Cells());
    }

    public Opener opener(FileKey file) {
        return () -> open(file);
    }

    private synchronized FileLocks open(FileKey file) throws VfsException {
        fail();
        open++;
        return new Description(file);
    }

    private void fail() throws VfsException {
        if (failure != null) {
            throw new VfsException(failure, "no locks here");
        }
    }

    private static int cell(long end) {
        return (int) Math.min(end, CELLS - 1L);
    }

    /** A local process locks, if it can. */
    public synchronized boolean localLock(FileKey file, Range range, Kind kind) {
        Cells cells = cells(file);
        for (int i = cell(range.start()); i <= cell(range.end()); i++) {
            if (inTheWay(cells.ours[i], kind == Kind.EXCLUSIVE) && kind != Kind.NONE) {
                return false;
            }
        }
        Arrays.fill(cells.local, cell(range.start()), cell(range.end()) + 1, kind);
        return true;
    }

    /** What we hold, as others see it. */
    public synchronized Kind[] ours(FileKey file) {
        return cells(file).ours.clone();
    }

    private static boolean inTheWay(Kind held, boolean exclusive) {
        return held == Kind.EXCLUSIVE || (held == Kind.SHARED && exclusive);
    }

    private final class Description implements FileLocks {
        private final FileKey file;
        private boolean closed;

        Description(FileKey file) {
            this.file = file;
        }

        @Override
        public boolean lock(long start, long end, boolean exclusive) throws VfsException {
            beforeLock.run();
            synchronized (FakeFiles.this) {
                fail();
                calls++;
                if (test(start, end, exclusive).isPresent()) {
                    return false;
                }
                Kind kind = exclusive ? Kind.EXCLUSIVE : Kind.SHARED;
                Arrays.fill(cells(file).ours, cell(start), cell(end) + 1, kind);
                return true;
            }
        }

        @Override
        public void unlock(long start, long end) throws VfsException {
            synchronized (FakeFiles.this) {
                fail();
                calls++;
                Arrays.fill(cells(file).ours, cell(start), cell(end) + 1, Kind.NONE);
            }
        }

        @Override
        public Optional<ForeignLock> test(long start, long end, boolean exclusive) throws VfsException {
            synchronized (FakeFiles.this) {
                fail();
                if (closed) {
                    throw new IllegalStateException("closed");
                }
                Kind[] local = cells(file).local;
                for (int i = cell(start); i <= cell(end); i++) {
                    if (inTheWay(local[i], exclusive)) {
                        return Optional.of(new ForeignLock(4711, i, i, local[i] == Kind.EXCLUSIVE));
                    }
                }
                return Optional.empty();
            }
        }

        @Override
        public void close() {
            synchronized (FakeFiles.this) {
                if (closed) {
                    throw new IllegalStateException("closed twice");
                }
                closed = true;
                open--;
                Arrays.fill(cells(file).ours, Kind.NONE);
            }
        }
    }
}
