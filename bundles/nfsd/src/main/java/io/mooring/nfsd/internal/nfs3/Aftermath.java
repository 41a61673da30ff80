package io.mooring.nfsd.internal.nfs3;

import io.mooring.nfsd.internal.wire.Nfs3.FAttr3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsTime3;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpAttr;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpFh3;
import io.mooring.nfsd.internal.wire.Nfs3.WccData;
import io.mooring.nfsd.internal.wire.Nfs3Args.DirOpArgs3;
import io.mooring.nfsd.internal.wire.Nfs3Args.Link3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.Rename3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.SetAttr3Args;
import io.mooring.nfsd.internal.wire.Nfs3Results.Create3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Link3Wcc;
import io.mooring.nfsd.internal.wire.Nfs3Results.Rename3Wcc;
import io.mooring.vfs.FileId;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.net.InetAddress;

/**
 * What became of calls whose server was killed when it had carried them out, and before it answered. It looks for the change in
 * the file system before anybody is let in: after the end of a process it is there; after a power loss perhaps not. The result is
 * null where it is not, or where another change hides it: then the call is executed when it comes again. What it finds it brings
 * to stable storage. File systems bring the changes of one object, and of one directory, to the disk in their order or not at all:
 * what was changed later shows what was changed before. Immutable.
 *
 * @param local the address that the call came to
 */
record Aftermath(Resolver resolver, InetAddress local, Trace trace) {

    /** CREATE, MKDIR, SYMLINK, MKNOD: the object is there, under whatever name, and has got its attributes. */
    Create3ResOk created(DirOpArgs3 where) throws NfsException, VfsException {
        Target directory = resolver.own(local, where.dir());
        Target object = resolver.own(local, trace.object());
        FAttr3 now = object.attributesNow();
        if (now == null || !isNotBefore(now)) {
            return null;
        }
        object.fileSystem().sync(object.id());
        directory.fileSystem().sync(directory.id());
        return new Create3ResOk(new PostOpFh3(trace.object()), new PostOpAttr(now), wcc(directory));
    }

    /** REMOVE, RMDIR: the name is not the object's any more. */
    WccData removed(DirOpArgs3 what) throws NfsException, VfsException {
        Target directory = resolver.own(local, what.dir());
        if (isNameOfObject(directory, what.name())) {
            return null;
        }
        directory.fileSystem().sync(directory.id());
        return wcc(directory);
    }

    /** RENAME: one name is not the object's any more, the other one is. */
    Rename3Wcc renamed(Rename3Args names) throws NfsException, VfsException {
        Target from = resolver.own(local, names.from().dir());
        Target to = resolver.own(local, names.to().dir());
        if (isNameOfObject(from, names.from().name())
                || !isNameOfObject(to, names.to().name())) {
            return null;
        }
        from.fileSystem().sync(from.id());
        to.fileSystem().sync(to.id());
        return new Rename3Wcc(wcc(from), wcc(to));
    }

    /** LINK: the name is the object's. */
    Link3Wcc linked(Link3Args args) throws NfsException, VfsException {
        Target directory = resolver.own(local, args.link().dir());
        Target file = resolver.own(local, trace.object());
        if (!isNameOfObject(directory, args.link().name())) {
            return null;
        }
        file.fileSystem().sync(file.id());
        directory.fileSystem().sync(directory.id());
        return new Link3Wcc(new PostOpAttr(file.attributesNow()), wcc(directory));
    }

    /** SETATTR: the object has those attributes, or later ones. */
    WccData attributesSet(SetAttr3Args args) throws NfsException, VfsException {
        Target object = resolver.own(local, args.object());
        FAttr3 now = object.attributesNow();
        boolean clockWentBack = args.guard() != null
                && compare(args.guard(), trace.attributes().attributes().ctime()) > 0;
        if (now == null || clockWentBack || !isNotBefore(now)) {
            return null;
        }
        object.fileSystem().sync(object.id());
        return wcc(object);
    }

    /** What was before is not known any more. */
    private static WccData wcc(Target target) {
        return new WccData(null, target.attributesNow());
    }

    private boolean isNameOfObject(Target directory, byte[] name) throws NfsException, VfsException {
        FileId object = resolver.own(local, trace.object()).id();
        try {
            return directory
                    .fileSystem()
                    .lookup(directory.caller(), directory.id(), name)
                    .id()
                    .equals(object);
        } catch (VfsException e) {
            if (e.status() == Status.NOENT) {
                return false;
            }
            throw e;
        }
    }

    /** Whether attributes are those of the trace, or were changed after them. Many changes may bear one time. */
    private boolean isNotBefore(FAttr3 now) {
        FAttr3 then = trace.attributes().attributes();
        if (then == null) {
            return false;
        }
        int order = compare(now.ctime(), then.ctime());
        boolean same = now.mode() == then.mode()
                && now.uid() == then.uid()
                && now.gid() == then.gid()
                && now.size() == then.size()
                && now.mtime().equals(then.mtime());
        return order > 0 || (order == 0 && same);
    }

    private static int compare(NfsTime3 one, NfsTime3 other) {
        int seconds = Integer.compareUnsigned(one.seconds(), other.seconds());
        return seconds != 0 ? seconds : Integer.compareUnsigned(one.nseconds(), other.nseconds());
    }
}
