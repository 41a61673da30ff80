package io.mooring.vfs.local;

import io.mooring.posix.Errno;
import io.mooring.posix.FileLock;
import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.vfs.FileLocks;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.util.Optional;

/** A descriptor of its own with open-file-description locks. Not thread-safe; it outlives the tree that it is of. */
final class OpenFileLocks implements FileLocks {
    private final int descriptor;
    private boolean closed;

    /** Takes the descriptor over. */
    OpenFileLocks(int descriptor) {
        this.descriptor = descriptor;
    }

    @Override
    public boolean lock(long start, long end, boolean exclusive) throws VfsException {
        int type = exclusive ? FileLock.F_WRLCK : FileLock.F_RDLCK;
        int result = FileLock.set(opened(), type, start, length(start, end), Scratch.mine());
        if (result == -Errno.EAGAIN || result == -Errno.EACCES) {
            return false;
        }
        check(result, "lock");
        return true;
    }

    @Override
    public void unlock(long start, long end) throws VfsException {
        check(FileLock.set(opened(), FileLock.F_UNLCK, start, length(start, end), Scratch.mine()), "unlock");
    }

    @Override
    public Optional<ForeignLock> test(long start, long end, boolean exclusive) throws VfsException {
        Scratch scratch = Scratch.mine();
        int type = exclusive ? FileLock.F_WRLCK : FileLock.F_RDLCK;
        check(FileLock.find(opened(), type, start, length(start, end), scratch), "test a lock");
        FileLock found = FileLock.found(scratch);
        if (found.type() == FileLock.F_UNLCK) {
            return Optional.empty();
        }
        long last = found.length() == 0 ? Long.MAX_VALUE : found.start() + found.length() - 1;
        return Optional.of(
                new ForeignLock(Math.max(0, found.pid()), found.start(), last, found.type() == FileLock.F_WRLCK));
    }

    /** A range that reaches the last possible byte is one to the end of the file, which fcntl calls 0. */
    private static long length(long start, long end) {
        return end == Long.MAX_VALUE ? 0 : end - start + 1;
    }

    private int opened() {
        if (closed) {
            throw new IllegalStateException("the file's locks are closed");
        }
        return descriptor;
    }

    private static void check(int result, String what) throws VfsException {
        if (result == -Errno.EBADF) {
            // Not opened for writing.
            throw new VfsException(Status.NOTSUPP, what + ": the file can only be read here");
        }
        if (result == -Errno.EINVAL) {
            throw new VfsException(Status.NOTSUPP, what + ": the file system has no such locks");
        }
        Failures.check(result, what);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            PosixFiles.close(descriptor);
        }
    }
}
