package io.mooring.nfsd.internal.nfs3;

import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.vfs.VfsException;

/** A procedure that fails, with what its caller is told. */
public final class NfsException extends Exception {
    private static final long serialVersionUID = 1L;

    private final NfsStat3 status;

    public NfsException(NfsStat3 status) {
        super(status.name(), null, false, false);
        this.status = status;
    }

    public NfsStat3 status() {
        return status;
    }

    /** The only place where the file system's status becomes the protocol's. */
    static NfsStat3 statusOf(VfsException e) {
        return switch (e.status()) {
            case PERM -> NfsStat3.NFS3ERR_PERM;
            case NOENT -> NfsStat3.NFS3ERR_NOENT;
            case IO -> NfsStat3.NFS3ERR_IO;
            case NXIO -> NfsStat3.NFS3ERR_NXIO;
            case ACCES -> NfsStat3.NFS3ERR_ACCES;
            case EXIST -> NfsStat3.NFS3ERR_EXIST;
            case XDEV -> NfsStat3.NFS3ERR_XDEV;
            case NODEV -> NfsStat3.NFS3ERR_NODEV;
            case NOTDIR -> NfsStat3.NFS3ERR_NOTDIR;
            case ISDIR -> NfsStat3.NFS3ERR_ISDIR;
            case INVAL -> NfsStat3.NFS3ERR_INVAL;
            case FBIG -> NfsStat3.NFS3ERR_FBIG;
            case NOSPC -> NfsStat3.NFS3ERR_NOSPC;
            case ROFS -> NfsStat3.NFS3ERR_ROFS;
            case MLINK -> NfsStat3.NFS3ERR_MLINK;
            case NAMETOOLONG -> NfsStat3.NFS3ERR_NAMETOOLONG;
            case NOTEMPTY -> NfsStat3.NFS3ERR_NOTEMPTY;
            case DQUOT -> NfsStat3.NFS3ERR_DQUOT;
            case STALE -> NfsStat3.NFS3ERR_STALE;
            case BADHANDLE -> NfsStat3.NFS3ERR_BADHANDLE;
            case NOT_SYNC -> NfsStat3.NFS3ERR_NOT_SYNC;
            case BAD_COOKIE -> NfsStat3.NFS3ERR_BAD_COOKIE;
            case NOTSUPP -> NfsStat3.NFS3ERR_NOTSUPP;
            case BADTYPE -> NfsStat3.NFS3ERR_BADTYPE;
            case JUKEBOX -> NfsStat3.NFS3ERR_JUKEBOX;
            case SERVERFAULT -> NfsStat3.NFS3ERR_SERVERFAULT;
        };
    }
}
