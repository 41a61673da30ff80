package io.mooring.vfs;

/** An operation that the file system refused, or could not do. */
public final class VfsException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why; the names are errno(3)'s without the E, where there is one. */
    public enum Status {
        PERM,
        NOENT,
        IO,
        NXIO,
        ACCES,
        EXIST,
        XDEV,
        NODEV,
        NOTDIR,
        ISDIR,
        INVAL,
        FBIG,
        NOSPC,
        ROFS,
        MLINK,
        NAMETOOLONG,
        NOTEMPTY,
        DQUOT,
        /** The object is gone. */
        STALE,
        /** These bytes never named an object here. */
        BADHANDLE,
        /** The guard of SETATTR does not match. */
        NOT_SYNC,
        BAD_COOKIE,
        NOTSUPP,
        /** A type that cannot be made. */
        BADTYPE,
        /** Not now: the file system is not there yet, or something is being recovered. */
        JUKEBOX,
        SERVERFAULT
    }

    private final Status status;

    public VfsException(Status status, String message) {
        super(message);
        this.status = status;
    }

    public Status status() {
        return status;
    }
}
