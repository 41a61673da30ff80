package io.mooring.nfsd.internal.mount;

import io.mooring.nfsd.internal.exports.AccessControl;
import io.mooring.nfsd.internal.exports.Export;
import io.mooring.nfsd.internal.exports.ExportDefinition;
import io.mooring.nfsd.internal.exports.ExportOptions;
import io.mooring.nfsd.internal.exports.ExportTable.Covering;
import io.mooring.nfsd.internal.exports.HostNames.NameServiceException;
import io.mooring.nfsd.internal.scopes.Scope;
import io.mooring.nfsd.internal.scopes.Scopes;
import io.mooring.nfsd.internal.wire.Mount3;
import io.mooring.nfsd.internal.wire.Mount3.DirPath;
import io.mooring.nfsd.internal.wire.Mount3.ExportList;
import io.mooring.nfsd.internal.wire.Mount3.ExportNode;
import io.mooring.nfsd.internal.wire.Mount3.FhStatus;
import io.mooring.nfsd.internal.wire.Mount3.MountBody;
import io.mooring.nfsd.internal.wire.Mount3.MountList;
import io.mooring.nfsd.internal.wire.Mount3.MountRes3;
import io.mooring.nfsd.internal.wire.Mount3.MountStat3;
import io.mooring.nfsd.internal.wire.Nfs3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcException;
import io.mooring.vfs.Caller;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileType;
import io.mooring.vfs.Found;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/** The work of MOUNT's procedures. Thread-safe: immutable but for the list of mounts. */
record MountProcedures(Scopes scopes, AccessControl access, Mounts mounts) {
    /** What a UDP reply can hold beside its headers: past it a list is cut off. */
    private static final int MAX_UDP_BYTES = 32 << 10;

    /** MNT of version 3. */
    MountRes3 mount(RpcCall call, DirPath directory) throws RpcException {
        try {
            String path = normalize(directory.path());
            byte[] handle = resolve(call, path);
            mounts.add(client(call), path);
            return new MountRes3.Ok(new NfsFh3(handle), List.of(Mount3.AUTH_SYS));
        } catch (MountException e) {
            return new MountRes3.Fail(e.status());
        }
    }

    /** MNT of version 1: its handles have exactly 32 bytes, so a longer one cannot be told. */
    FhStatus mount1(RpcCall call, DirPath directory) throws RpcException {
        MountRes3 result = mount(call, directory);
        if (result instanceof MountRes3.Ok ok) {
            byte[] handle = ok.fhandle().data();
            return handle.length > Mount3.FHSIZE1
                    ? new FhStatus(MountStat3.MNT3ERR_INVAL, null)
                    : new FhStatus(MountStat3.MNT3_OK, Arrays.copyOf(handle, Mount3.FHSIZE1));
        }
        return new FhStatus(((MountRes3.Fail) result).status(), null);
    }

    MountList dump(RpcCall call, Void none) {
        List<MountBody> list = mounts.list().stream()
                .map(mount -> new MountBody(
                        mount.client().getHostAddress(), mount.path().getBytes(StandardCharsets.UTF_8)))
                .toList();
        return new MountList(fitting(call, list, MountBody::bytes));
    }

    Void unmount(RpcCall call, DirPath directory) {
        try {
            mounts.remove(client(call), normalize(directory.path()));
        } catch (MountException e) {
            // UMNT has no result: a path that never was mounted is as good as unmounted.
        }
        return null;
    }

    Void unmountAll(RpcCall call, Void none) {
        mounts.removeAll(client(call));
        return null;
    }

    /** What is served through the address that was called, and for whom. */
    ExportList export(RpcCall call, Void none) {
        List<ExportNode> list = new ArrayList<>();
        List<Export> served = scopes.at(local(call))
                .map(scope -> scope.exports().get().exports())
                .orElse(List.of());
        for (Export export : served) {
            ExportDefinition definition = export.definition();
            List<String> groups = definition.rules().stream()
                    .map(rule -> rule.client().text())
                    .toList();
            list.add(new ExportNode(definition.path().toString().getBytes(StandardCharsets.UTF_8), groups));
        }
        return new ExportList(fitting(call, list, ExportNode::bytes));
    }

    private static <T> List<T> fitting(RpcCall call, List<T> all, ToIntFunction<T> bytes) {
        if (call.transport().isTcp()) {
            return all;
        }
        int left = MAX_UDP_BYTES;
        int count = 0;
        while (count < all.size() && left >= bytes.applyAsInt(all.get(count))) {
            left -= bytes.applyAsInt(all.get(count++));
        }
        return all.subList(0, count);
    }

    private static InetAddress client(RpcCall call) {
        return call.remoteAddress().getAddress();
    }

    private static InetAddress local(RpcCall call) {
        return call.localAddress().getAddress();
    }

    /** One slash between components, none at the end; ".." has no place in a mount path. */
    private static String normalize(byte[] path) throws MountException {
        if (path.length == 0 || path[0] != '/') {
            throw new MountException(MountStat3.MNT3ERR_ACCES);
        }
        StringBuilder normal = new StringBuilder();
        for (String component : new String(path, StandardCharsets.UTF_8).split("/", -1)) {
            if (component.equals("..") || component.indexOf('\0') >= 0) {
                throw new MountException(MountStat3.MNT3ERR_ACCES);
            }
            if (!component.isEmpty() && !component.equals(".")) {
                normal.append('/').append(component);
            }
        }
        return normal.length() == 0 ? "/" : normal.toString();
    }

    private byte[] resolve(RpcCall call, String path) throws MountException, RpcException {
        Scope scope = scopes.at(local(call))
                // MOUNT has no "try later": without an answer the client asks again.
                .orElseThrow(() -> new RpcException(RpcException.Answer.NO_REPLY, "the service is not taken yet"));
        Covering covering = scope.exports().get().covering(path).orElse(null);
        if (covering == null) {
            access.deny(call.remoteAddress(), path, "it is not exported");
            throw new MountException(MountStat3.MNT3ERR_ACCES);
        }
        Export export = covering.export();
        if (export == null) {
            boolean refused = covering.awaited() == null;
            access.deny(call.remoteAddress(), path, refused ? "the line of its export is wrong" : covering.awaited());
            throw new MountException(refused ? MountStat3.MNT3ERR_ACCES : MountStat3.MNT3ERR_NOENT);
        }
        try {
            ExportOptions options = admit(call, export);
            String root = export.definition().path().toString();
            Place place = root(scope, export, options);
            for (String component :
                    path.substring(root.equals("/") ? 0 : root.length()).split("/", -1)) {
                place = component.isEmpty() ? place : step(call, place, name(component));
            }
            if (place.type() != FileType.DIRECTORY) {
                throw new VfsException(Status.NOTDIR, "it is no directory");
            }
            return scope.handles().encode(place.export().fsid(), place.id());
        } catch (NameServiceException e) {
            access.undecided(call.remoteAddress(), path, e);
            throw new RpcException(RpcException.Answer.NO_REPLY, e.getMessage());
        } catch (VfsException e) {
            MountStat3 status = statusOf(e);
            access.deny(call.remoteAddress(), path, status + " (" + e.getMessage() + ")");
            throw new MountException(status);
        }
    }

    /** Where a walk from an export's root has come to. */
    private record Place(Scope scope, Export export, ExportOptions options, FileId id, FileType type) {}

    /** It may have been removed since it was opened. */
    private static Place root(Scope scope, Export export, ExportOptions options) throws VfsException {
        FileId root = export.fileSystem().root();
        return new Place(
                scope,
                export,
                options,
                root,
                export.fileSystem().attributes(root).type());
    }

    private ExportOptions admit(RpcCall call, Export export) throws MountException, NameServiceException {
        ExportOptions options = access.admit(export, call.remoteAddress());
        if (options == null) {
            throw new MountException(MountStat3.MNT3ERR_ACCES);
        }
        return options;
    }

    /** Goes on to a name, as root: the client's identity is checked at each use. */
    private Place step(RpcCall call, Place from, byte[] name)
            throws VfsException, MountException, NameServiceException {
        try {
            Found found = from.export().fileSystem().lookup(Caller.ROOT, from.id(), name);
            return new Place(
                    from.scope(),
                    from.export(),
                    from.options(),
                    found.id(),
                    found.attributes().type());
        } catch (VfsException e) {
            if (e.status() != Status.XDEV || !from.options().crossMount()) {
                throw e;
            }
            Export mounted = from.scope().exports().mountedOn(from.export(), from.id(), name);
            return root(from.scope(), mounted, admit(call, mounted));
        }
    }

    private static MountStat3 statusOf(VfsException e) {
        return switch (e.status()) {
            case NOENT, STALE -> MountStat3.MNT3ERR_NOENT;
            case ACCES, PERM, XDEV -> MountStat3.MNT3ERR_ACCES;
            case NOTDIR -> MountStat3.MNT3ERR_NOTDIR;
            case NAMETOOLONG -> MountStat3.MNT3ERR_NAMETOOLONG;
            case INVAL -> MountStat3.MNT3ERR_INVAL;
            case IO -> MountStat3.MNT3ERR_IO;
            default -> MountStat3.MNT3ERR_SERVERFAULT;
        };
    }

    private static byte[] name(String component) throws VfsException {
        byte[] name = component.getBytes(StandardCharsets.UTF_8);
        if (name.length > Nfs3.MAXNAMLEN) {
            throw new VfsException(Status.NAMETOOLONG, "a name of " + name.length + " bytes");
        }
        return name;
    }

    /** An MNT that fails, with what its caller is told. */
    private static final class MountException extends Exception {
        private static final long serialVersionUID = 1L;

        private final MountStat3 status;

        MountException(MountStat3 status) {
            super(status.name(), null, false, false);
            this.status = status;
        }

        MountStat3 status() {
            return status;
        }
    }
}
