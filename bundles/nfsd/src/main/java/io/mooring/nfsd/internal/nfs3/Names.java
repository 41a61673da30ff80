package io.mooring.nfsd.internal.nfs3;

import io.mooring.nfsd.internal.wire.Nfs3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3Args.DirOpArgs3;

/** Which names a client may use (RFC 1813 §3.3, and Linux where the RFC is silent). Each method returns the name. */
final class Names {
    private Names() {}

    /** LOOKUP understands "." and "..". */
    static byte[] toFind(DirOpArgs3 where) throws NfsException {
        return check(where.name(), NfsStat3.NFS3ERR_ACCES);
    }

    /** CREATE, MKDIR, SYMLINK, MKNOD, LINK: "." and ".." are there already. */
    static byte[] toMake(DirOpArgs3 where) throws NfsException {
        if (isDot(where.name()) || isDotDot(where.name())) {
            throw new NfsException(NfsStat3.NFS3ERR_EXIST);
        }
        return check(where.name(), NfsStat3.NFS3ERR_INVAL);
    }

    /** REMOVE and RENAME. */
    static byte[] toChange(DirOpArgs3 where) throws NfsException {
        if (isDot(where.name()) || isDotDot(where.name())) {
            throw new NfsException(NfsStat3.NFS3ERR_INVAL);
        }
        return check(where.name(), NfsStat3.NFS3ERR_INVAL);
    }

    /** RMDIR (RFC 1813 §3.3.13): "." is invalid, ".." is not empty in any case. */
    static byte[] toRemoveDirectory(DirOpArgs3 where) throws NfsException {
        if (isDotDot(where.name())) {
            throw new NfsException(NfsStat3.NFS3ERR_EXIST);
        }
        return toChange(where);
    }

    private static byte[] check(byte[] name, NfsStat3 ifBad) throws NfsException {
        if (name.length > Nfs3.MAXNAMLEN) {
            throw new NfsException(NfsStat3.NFS3ERR_NAMETOOLONG);
        }
        boolean bad = name.length == 0;
        for (byte b : name) {
            bad = bad || b == '/' || b == 0;
        }
        if (bad) {
            throw new NfsException(ifBad);
        }
        return name;
    }

    private static boolean isDot(byte[] name) {
        return name.length == 1 && name[0] == '.';
    }

    private static boolean isDotDot(byte[] name) {
        return name.length == 2 && name[0] == '.' && name[1] == '.';
    }
}
