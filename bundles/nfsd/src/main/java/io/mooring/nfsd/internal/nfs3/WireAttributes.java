package io.mooring.nfsd.internal.nfs3;

import io.mooring.nfsd.internal.wire.Nfs3.FAttr3;
import io.mooring.nfsd.internal.wire.Nfs3.FType3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsTime3;
import io.mooring.nfsd.internal.wire.Nfs3.SpecData3;
import io.mooring.nfsd.internal.wire.Nfs3.WccAttr;
import io.mooring.nfsd.internal.wire.Nfs3Args.SAttr3;
import io.mooring.nfsd.internal.wire.Nfs3Args.SetTime;
import io.mooring.vfs.Attributes;
import io.mooring.vfs.FileTime;
import io.mooring.vfs.FileType;
import io.mooring.vfs.NewAttributes;

/** Between the file system's attributes and the protocol's. */
final class WireAttributes {
    private static final int MODE_BITS = 07777;
    private static final int NANOS_PER_SECOND = 1_000_000_000;

    private WireAttributes() {}

    static FAttr3 fattr3(Attributes a, long fsid) {
        return new FAttr3(
                type(a.type()),
                a.mode() & MODE_BITS,
                a.nlink(),
                a.uid(),
                a.gid(),
                a.size(),
                a.used(),
                new SpecData3(a.rdevMajor(), a.rdevMinor()),
                fsid,
                a.fileid(),
                time(a.atime()),
                time(a.mtime()),
                time(a.ctime()));
    }

    static WccAttr wccAttr(Attributes a) {
        return new WccAttr(a.size(), time(a.mtime()), time(a.ctime()));
    }

    /** 32 bits of seconds are all that NFSv3 has: later ones wrap. */
    static NfsTime3 time(FileTime time) {
        return new NfsTime3((int) time.seconds(), time.nanos());
    }

    static FileTime time(NfsTime3 time) throws NfsException {
        if (time.nseconds() < 0 || time.nseconds() >= NANOS_PER_SECOND) {
            throw new NfsException(NfsStat3.NFS3ERR_INVAL);
        }
        return new FileTime(Integer.toUnsignedLong(time.seconds()), time.nseconds());
    }

    static NewAttributes newAttributes(SAttr3 a) throws NfsException {
        if (a.size() != null && a.size() < 0) {
            throw new NfsException(NfsStat3.NFS3ERR_FBIG);
        }
        Integer mode = a.mode() == null ? null : Integer.valueOf(a.mode() & MODE_BITS);
        return new NewAttributes(mode, a.uid(), a.gid(), a.size(), time(a.atime()), time(a.mtime()));
    }

    private static FileTime time(SetTime time) throws NfsException {
        if (time instanceof SetTime.SetToClientTime client) {
            return time(client.time());
        }
        return time instanceof SetTime.SetToServerTime ? NewAttributes.NOW : null;
    }

    private static FType3 type(FileType type) {
        return switch (type) {
            case REGULAR -> FType3.NF3REG;
            case DIRECTORY -> FType3.NF3DIR;
            case BLOCK_DEVICE -> FType3.NF3BLK;
            case CHARACTER_DEVICE -> FType3.NF3CHR;
            case SYMLINK -> FType3.NF3LNK;
            case SOCKET -> FType3.NF3SOCK;
            case FIFO -> FType3.NF3FIFO;
        };
    }
}
