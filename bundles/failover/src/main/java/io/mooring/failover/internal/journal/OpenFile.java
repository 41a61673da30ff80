package io.mooring.failover.internal.journal;

import io.mooring.posix.Errno;
import io.mooring.posix.FileLock;
import io.mooring.posix.PosixException;
import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.posix.Statx;
import java.nio.ByteBuffer;

/**
 * An open file, by system calls: unlike a channel's, its descriptor is not closed when a thread that uses it is interrupted.
 * Thread-safe, but for {@link #close}: nothing else may be under way then, or come later.
 */
public final class OpenFile implements Source, AutoCloseable {
    private static final int ZEROS = 64 << 10;

    private final int descriptor;

    OpenFile(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Writes what remains in a direct buffer. */
    public void write(ByteBuffer direct, long position) throws PosixException {
        long at = position;
        while (direct.hasRemaining()) {
            long count = PosixFiles.pwrite(descriptor, Scratch.address(direct), direct.remaining(), at);
            if (count > 0) {
                direct.position(direct.position() + (int) count);
                at += count;
            } else if (count != -Errno.EINTR) {
                throw new PosixException("pwrite", count == 0 ? Errno.EIO : (int) -count);
            }
        }
    }

    /** Fills a direct buffer as far as the file goes. */
    @Override
    public void read(ByteBuffer direct, long position) throws PosixException {
        long at = position;
        while (direct.hasRemaining()) {
            long count = PosixFiles.pread(descriptor, Scratch.address(direct), direct.remaining(), at);
            if (count == 0) {
                return;
            }
            if (count > 0) {
                direct.position(direct.position() + (int) count);
                at += count;
            } else if (count != -Errno.EINTR) {
                throw new PosixException("pread", (int) -count);
            }
        }
    }

    @Override
    public long size() throws PosixException {
        return stat().size();
    }

    public Statx stat() throws PosixException {
        Scratch scratch = Scratch.mine();
        check("statx", PosixFiles.statx(descriptor, scratch));
        return scratch.statx();
    }

    /** Brings what was written to stable storage. */
    public void sync() throws PosixException {
        int result;
        do {
            result = PosixFiles.fdatasync(descriptor);
        } while (result == -Errno.EINTR);
        check("fdatasync", result);
    }

    /** Takes room for a file of this size at the least, so that writing in it can't fail for want of room. */
    public void reserve(long size) throws PosixException {
        int result;
        do {
            result = PosixFiles.fallocate(descriptor, 0, size);
        } while (result == -Errno.EINTR);
        if (result == -Errno.EOPNOTSUPP) {
            fill(size);
        } else {
            check("fallocate", result);
        }
    }

    /** Behind the present end, for file systems that know no other way. */
    private void fill(long size) throws PosixException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS);
        for (long at = size(); at < size; at += ZEROS) {
            write(zeros.clear().limit((int) Math.min(ZEROS, size - at)), at);
        }
    }

    public void truncate(long size) throws PosixException {
        check("ftruncate", PosixFiles.ftruncate(descriptor, size));
    }

    public void setMode(int mode) throws PosixException {
        check("fchmod", PosixFiles.fchmod(descriptor, mode));
    }

    /**
     * Takes the exclusive lock of the open file description, which ends when it is closed, or this process ends.
     *
     * @return false where another one has it
     */
    public boolean tryLock() throws PosixException {
        int result = FileLock.set(descriptor, FileLock.F_WRLCK, 0, 0, Scratch.mine());
        if (result == -Errno.EAGAIN || result == -Errno.EACCES) {
            return false;
        }
        check("fcntl", result);
        return true;
    }

    @Override
    public void close() {
        PosixFiles.close(descriptor);
    }

    static void check(String call, int result) throws PosixException {
        if (result < 0) {
            throw new PosixException(call, -result);
        }
    }
}
