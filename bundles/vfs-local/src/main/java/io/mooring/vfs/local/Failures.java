package io.mooring.vfs.local;

import io.mooring.posix.Errno;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;

/** The one place where error numbers become statuses. Stateless. */
final class Failures {

    private Failures() {}

    /** Passes a system call's result on, or throws for a negative errno. */
    static int check(int result, String call) throws VfsException {
        if (result < 0) {
            throw of(-result, call);
        }
        return result;
    }

    static long check(long result, String call) throws VfsException {
        if (result < 0) {
            throw of((int) -result, call);
        }
        return result;
    }

    static VfsException of(int errno, String call) {
        return new VfsException(status(errno), call + ": errno " + errno);
    }

    static Status status(int errno) {
        return switch (errno) {
            case Errno.EPERM -> Status.PERM;
            case Errno.ENOENT -> Status.NOENT;
            case Errno.EIO -> Status.IO;
            case Errno.ENXIO -> Status.NXIO;
            // A file that is being executed, or is a mount point here, will stay so: no use to ask again.
            case Errno.EACCES, Errno.ETXTBSY, Errno.EBUSY -> Status.ACCES;
            case Errno.EEXIST -> Status.EXIST;
            case Errno.EXDEV -> Status.XDEV;
            case Errno.ENODEV -> Status.NODEV;
            case Errno.ENOTDIR -> Status.NOTDIR;
            case Errno.EISDIR -> Status.ISDIR;
            case Errno.EINVAL -> Status.INVAL;
            case Errno.EFBIG, Errno.EOVERFLOW -> Status.FBIG;
            case Errno.ENOSPC -> Status.NOSPC;
            case Errno.EROFS -> Status.ROFS;
            case Errno.EMLINK -> Status.MLINK;
            case Errno.ENAMETOOLONG -> Status.NAMETOOLONG;
            case Errno.ENOTEMPTY -> Status.NOTEMPTY;
            case Errno.EDQUOT -> Status.DQUOT;
            case Errno.ESTALE -> Status.STALE;
            case Errno.EOPNOTSUPP, Errno.ENOSYS -> Status.NOTSUPP;
            // A component that became a symbolic link under our feet: it is no directory any more.
            case Errno.ELOOP -> Status.NOTDIR;
            // What is busy or exhausted now may not be later: the client asks again.
            case Errno.EAGAIN, Errno.ENOMEM, Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS -> Status.JUKEBOX;
            default -> Status.IO;
        };
    }
}
