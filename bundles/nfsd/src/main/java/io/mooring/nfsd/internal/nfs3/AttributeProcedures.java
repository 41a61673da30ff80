package io.mooring.nfsd.internal.nfs3;

import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.WccData;
import io.mooring.nfsd.internal.wire.Nfs3Args.Access3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.SetAttr3Args;
import io.mooring.nfsd.internal.wire.Nfs3Results.Access3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.FsInfo3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.FsStat3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.GetAttr3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.PathConf3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Transfer;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.FileTime;
import io.mooring.vfs.Limits;
import io.mooring.vfs.Space;
import io.mooring.vfs.VfsException;

/** GETATTR, SETATTR, ACCESS, FSSTAT, FSINFO and PATHCONF: what is known of an object, and of its file system. */
final class AttributeProcedures {
    /** rtmult and wtmult: a page. */
    private static final int PREFERRED_MULTIPLE = 4096;

    private static final int CHANGING = FileSystem.ACCESS_MODIFY | FileSystem.ACCESS_EXTEND | FileSystem.ACCESS_DELETE;

    private AttributeProcedures() {}

    static GetAttr3ResOk getAttr(Request request, NfsFh3 object) throws NfsException, VfsException {
        Target target = request.target(object);
        return new GetAttr3ResOk(target.attributes(target.fileSystem().attributes(target.id())));
    }

    static WccData setAttr(Request request, SetAttr3Args args) throws NfsException, VfsException {
        Target target = request.writable(args.object());
        FileTime guard = args.guard() == null ? null : WireAttributes.time(args.guard());
        return target.wcc(request.attributes(target)
                .setAttributes(
                        target.caller(), target.id(), WireAttributes.newAttributes(args.newAttributes()), guard));
    }

    static Access3ResOk access(Request request, Access3Args args) throws NfsException, VfsException {
        Target target = request.target(args.object());
        FileSystem.Access access = target.fileSystem().access(target.caller(), target.id(), args.access());
        int granted = target.options().readOnly() ? access.granted() & ~CHANGING : access.granted();
        return new Access3ResOk(target.postOp(access.attributes()), granted & args.access());
    }

    static FsStat3ResOk fsStat(Request request, NfsFh3 object) throws NfsException, VfsException {
        Target target = request.target(object);
        Space space = target.fileSystem().space(target.id());
        return new FsStat3ResOk(
                target.postOp(space.attributes()),
                space.totalBytes(),
                space.freeBytes(),
                space.availableBytes(),
                space.totalFiles(),
                space.freeFiles(),
                space.availableFiles(),
                0);
    }

    static FsInfo3ResOk fsInfo(Request request, NfsFh3 object) throws NfsException, VfsException {
        Target target = request.target(object);
        Limits limits = target.fileSystem().limits(target.id());
        int max = request.maxTransferBytes();
        Transfer transfer = new Transfer(max, max, PREFERRED_MULTIPLE);
        return new FsInfo3ResOk(
                target.postOp(limits.attributes()),
                transfer,
                transfer,
                max,
                limits.maxFileSize(),
                WireAttributes.time(limits.timeDelta()),
                FsInfo3ResOk.FSF3_LINK
                        | FsInfo3ResOk.FSF3_SYMLINK
                        | FsInfo3ResOk.FSF3_HOMOGENEOUS
                        | FsInfo3ResOk.FSF3_CANSETTIME);
    }

    static PathConf3ResOk pathConf(Request request, NfsFh3 object) throws NfsException, VfsException {
        Target target = request.target(object);
        Limits limits = target.fileSystem().limits(target.id());
        return new PathConf3ResOk(
                target.postOp(limits.attributes()),
                limits.linkMax(),
                limits.nameMax(),
                true,
                limits.chownRestricted(),
                limits.caseInsensitive(),
                limits.casePreserving());
    }
}
