package io.mooring.vfs.local;

import io.mooring.posix.Errno;
import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.posix.Statx;
import io.mooring.vfs.Caller;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.util.function.LongSupplier;

/**
 * Asks the kernel what a caller may do, and remembers its verdict where that is safe: the ctime must be older than the
 * granularity of the kernel's clock and of the file system's time stamps when the question is asked, or a later change
 * could have the same ctime. Thread-safe.
 */
final class AccessCheck {
    /** The kernel's clock for time stamps ticks every 1 to 10 ms; wide of that. */
    private static final long SETTLED_MILLIS = 100;

    /** ext2, ext3, and ext4 with inodes of 128 bytes keep whole seconds, FAT every second one. */
    private static final long COARSE_MILLIS = 2000;

    /** Denied by a read-only mount: may end without a trace on the object. */
    private static final int READ_ONLY = 1 << 8;

    private final Identity identity;
    private final LongSupplier currentTimeMillis;

    AccessCheck(Identity identity, LongSupplier currentTimeMillis) {
        this.identity = identity;
        this.currentTimeMillis = currentTimeMillis;
    }

    /**
     * Tells which of the wanted bits the caller has.
     *
     * @param stat taken just before
     * @param wanted R_OK, W_OK, X_OK
     */
    int granted(Caller caller, OpenObject object, Statx stat, int wanted, Scratch scratch) throws VfsException {
        int known = object.verdicts().granted(caller, stat.ctime(), wanted);
        if (known >= 0) {
            return known;
        }
        boolean settled = settled(stat.ctime());
        int path = object.path();
        long result = identity.as(caller, scratch, () -> ask(path, wanted, scratch));
        int granted = (int) Failures.check(result, "faccessat2");
        if (settled && (granted & READ_ONLY) == 0) {
            object.verdicts().remember(caller, stat.ctime(), wanted, granted);
        }
        return granted & ~READ_ONLY;
    }

    /** Throws ACCES where the caller lacks the permission. */
    void require(Caller caller, OpenObject object, Statx stat, int permission, Scratch scratch) throws VfsException {
        if (granted(caller, object, stat, permission, scratch) != permission) {
            throw denied(caller);
        }
    }

    /** Reading: execute implies read, and the owner of a file may whatever its mode (RFC 1813 §4.4). */
    void requireRead(Caller caller, OpenObject file, Statx stat, Scratch scratch) throws VfsException {
        if (!owns(caller, stat)
                && granted(caller, file, stat, PosixFiles.R_OK, scratch) == 0
                && granted(caller, file, stat, PosixFiles.X_OK, scratch) == 0) {
            throw denied(caller);
        }
    }

    /** Whether the exceptions for the owner of a regular file hold (RFC 1813 §4.4). */
    boolean owns(Caller caller, Statx stat) {
        return stat.isRegular() && identity.uid(caller) == stat.uid();
    }

    private static VfsException denied(Caller caller) {
        return new VfsException(Status.ACCES, "not permitted to " + caller);
    }

    /** Runs with the caller's identity. */
    private static long ask(int path, int wanted, Scratch scratch) {
        int granted = 0;
        for (int bit = PosixFiles.R_OK; bit != 0; bit >>= 1) {
            if ((wanted & bit) != 0) {
                int result = PosixFiles.access(path, bit, scratch);
                if (result == 0) {
                    granted |= bit;
                } else if (result == -Errno.EROFS) {
                    granted |= READ_ONLY;
                } else if (result != -Errno.EACCES && result != -Errno.EPERM) {
                    return result;
                }
            }
        }
        return granted;
    }

    /** Whether a change from now on gives the object another ctime. */
    boolean settled(Statx.Time ctime) {
        long millis = ctime.seconds() * 1000 + ctime.nanos() / 1_000_000;
        long granularity = ctime.nanos() == 0 ? COARSE_MILLIS : 0;
        return currentTimeMillis.getAsLong() - millis > granularity + SETTLED_MILLIS;
    }
}
