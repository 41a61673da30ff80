package io.mooring.nfsd.internal.nfs3;

import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpAttr;
import io.mooring.nfsd.internal.wire.Nfs3.WccData;
import io.mooring.nfsd.internal.wire.Nfs3Args.Create3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.CreateHow3;
import io.mooring.nfsd.internal.wire.Nfs3Args.DirOpArgs3;
import io.mooring.nfsd.internal.wire.Nfs3Args.Link3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.MkDir3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.MkNod3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.MkNodData3;
import io.mooring.nfsd.internal.wire.Nfs3Args.Rename3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.Symlink3Args;
import io.mooring.nfsd.internal.wire.Nfs3Results.Create3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Link3Wcc;
import io.mooring.nfsd.internal.wire.Nfs3Results.Lookup3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.ReadLink3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Rename3Wcc;
import io.mooring.vfs.CreateMode;
import io.mooring.vfs.Created;
import io.mooring.vfs.FileType;
import io.mooring.vfs.Found;
import io.mooring.vfs.LinkTarget;
import io.mooring.vfs.Linked;
import io.mooring.vfs.Renamed;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;

/** LOOKUP, READLINK, and what makes, removes and moves names. */
final class NameProcedures {

    private NameProcedures() {}

    static Lookup3ResOk lookup(Request request, DirOpArgs3 what) throws NfsException, VfsException {
        Target directory = request.target(what.dir());
        byte[] name = Names.toFind(what);
        try {
            Found found = directory.fileSystem().lookup(directory.caller(), directory.id(), name);
            return new Lookup3ResOk(
                    directory.handle(found.id()),
                    directory.postOp(found.attributes()),
                    directory.postOp(found.directory()));
        } catch (VfsException e) {
            if (e.status() != Status.XDEV) {
                throw e;
            }
            Target mounted = request.mountedOn(directory, name);
            return new Lookup3ResOk(
                    mounted.handle(mounted.id()),
                    new PostOpAttr(mounted.attributesNow()),
                    new PostOpAttr(directory.attributesNow()));
        }
    }

    static ReadLink3ResOk readLink(Request request, NfsFh3 symlink) throws NfsException, VfsException {
        Target target = request.target(symlink);
        LinkTarget link = target.fileSystem().readLink(target.caller(), target.id());
        return new ReadLink3ResOk(target.postOp(link.attributes()), link.path());
    }

    static Create3ResOk create(Request request, Create3Args args) throws NfsException, VfsException {
        Target directory = request.writable(args.where().dir());
        byte[] name = Names.toMake(args.where());
        CreateMode mode = mode(args.how());
        return created(directory, request.attributes(directory).create(directory.caller(), directory.id(), name, mode));
    }

    private static CreateMode mode(CreateHow3 how) throws NfsException {
        if (how instanceof CreateHow3.Exclusive exclusive) {
            return new CreateMode.Exclusive(exclusive.verf());
        }
        if (how instanceof CreateHow3.Guarded guarded) {
            return new CreateMode.Guarded(WireAttributes.newAttributes(guarded.attributes()));
        }
        return new CreateMode.Unchecked(WireAttributes.newAttributes(((CreateHow3.Unchecked) how).attributes()));
    }

    static Create3ResOk mkDir(Request request, MkDir3Args args) throws NfsException, VfsException {
        Target directory = request.writable(args.where().dir());
        byte[] name = Names.toMake(args.where());
        return created(
                directory,
                request.attributes(directory)
                        .makeDirectory(
                                directory.caller(),
                                directory.id(),
                                name,
                                WireAttributes.newAttributes(args.attributes())));
    }

    static Create3ResOk symlink(Request request, Symlink3Args args) throws NfsException, VfsException {
        Target directory = request.writable(args.where().dir());
        byte[] name = Names.toMake(args.where());
        return created(
                directory,
                request.attributes(directory)
                        .makeSymlink(
                                directory.caller(),
                                directory.id(),
                                name,
                                linkText(args.data()),
                                WireAttributes.newAttributes(args.attributes())));
    }

    private static byte[] linkText(byte[] text) throws NfsException {
        for (byte b : text) {
            if (b == 0) {
                throw new NfsException(NfsStat3.NFS3ERR_INVAL);
            }
        }
        if (text.length == 0) {
            throw new NfsException(NfsStat3.NFS3ERR_INVAL);
        }
        return text;
    }

    static Create3ResOk mkNod(Request request, MkNod3Args args) throws NfsException, VfsException {
        Target directory = request.writable(args.where().dir());
        byte[] name = Names.toMake(args.where());
        MkNodData3 what = args.what();
        FileType type = switch (what.type()) {
            case NF3CHR -> FileType.CHARACTER_DEVICE;
            case NF3BLK -> FileType.BLOCK_DEVICE;
            case NF3SOCK -> FileType.SOCKET;
            case NF3FIFO -> FileType.FIFO;
            default -> throw new NfsException(NfsStat3.NFS3ERR_BADTYPE);
        };
        int major = what.spec() == null ? 0 : what.spec().specdata1();
        int minor = what.spec() == null ? 0 : what.spec().specdata2();
        return created(
                directory,
                request.attributes(directory)
                        .makeNode(
                                directory.caller(),
                                directory.id(),
                                name,
                                type,
                                major,
                                minor,
                                WireAttributes.newAttributes(what.attributes())));
    }

    private static Create3ResOk created(Target directory, Created created) {
        return new Create3ResOk(
                directory.postOpHandle(created),
                directory.postOp(created.attributes()),
                directory.wcc(created.directory()));
    }

    static WccData remove(Request request, DirOpArgs3 object) throws NfsException, VfsException {
        Target directory = request.writable(object.dir());
        byte[] name = Names.toChange(object);
        return directory.wcc(request.names(directory).remove(directory.caller(), directory.id(), name));
    }

    static WccData rmDir(Request request, DirOpArgs3 object) throws NfsException, VfsException {
        Target directory = request.writable(object.dir());
        byte[] name = Names.toRemoveDirectory(object);
        return directory.wcc(request.names(directory).removeDirectory(directory.caller(), directory.id(), name));
    }

    static Rename3Wcc rename(Request request, Rename3Args args) throws NfsException, VfsException {
        Target from = request.target(args.from().dir());
        Target to = request.target(args.to().dir());
        from.writable();
        to.writable();
        from.requireSameExport(to);
        byte[] oldName = Names.toChange(args.from());
        byte[] newName = Names.toChange(args.to());
        Renamed renamed = request.names(from).rename(from.caller(), from.id(), oldName, to.id(), newName);
        return new Rename3Wcc(from.wcc(renamed.from()), to.wcc(renamed.to()));
    }

    static Rename3Wcc renameFailed(Request request, Rename3Args args) {
        return new Rename3Wcc(
                request.wcc(args.from().dir()), request.wcc(args.to().dir()));
    }

    static Link3Wcc link(Request request, Link3Args args) throws NfsException, VfsException {
        Target file = request.target(args.file());
        Target directory = request.target(args.link().dir());
        directory.writable();
        file.requireSameExport(directory);
        byte[] name = Names.toMake(args.link());
        Linked linked = request.names(file).link(file.caller(), file.id(), directory.id(), name);
        return new Link3Wcc(file.postOp(linked.file()), directory.wcc(linked.directory()));
    }

    static Link3Wcc linkFailed(Request request, Link3Args args) {
        return new Link3Wcc(request.postOp(args.file()), request.wcc(args.link().dir()));
    }
}
