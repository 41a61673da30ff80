package io.mooring.nfsd.internal.nfs3;

import io.mooring.nfsd.internal.exports.AccessControl;
import io.mooring.nfsd.internal.exports.Export;
import io.mooring.nfsd.internal.exports.ExportOptions;
import io.mooring.nfsd.internal.exports.Exports;
import io.mooring.nfsd.internal.exports.HostNames.NameServiceException;
import io.mooring.nfsd.internal.exports.RareLog;
import io.mooring.nfsd.internal.scopes.Scope;
import io.mooring.nfsd.internal.scopes.Scopes;
import io.mooring.nfsd.internal.scopes.Scopes.Named;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.sunrpc.RpcCall;
import io.mooring.vfs.Caller;
import io.mooring.vfs.FileId;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * From a handle to what it names, if the caller may have it. Thread-safe: immutable.
 *
 * @param maxTransferBytes of READ, WRITE and the directory procedures over TCP; may change
 * @param troubles where errors of the file system are told
 */
public record Resolver(Scopes scopes, AccessControl access, IntSupplier maxTransferBytes, RareLog troubles) {

    Target resolve(RpcCall call, NfsFh3 handle) throws NfsException {
        InetAddress local = call.localAddress().getAddress();
        try {
            Named named = scopes.find(handle.data(), local);
            return target(call, named.scope(), export(named.scope(), named.fsid()), named.id());
        } catch (VfsException e) {
            if (e.status() == Status.ACCES) {
                access.deny(call.remoteAddress(), local.getHostAddress(), e.getMessage());
            }
            throw new NfsException(NfsException.statusOf(e));
        }
    }

    /** What a handle names that a call through this address had, for the server itself. */
    Target own(InetAddress local, NfsFh3 handle) throws NfsException, VfsException {
        Named named = scopes.find(handle.data(), local);
        Export export = export(named.scope(), named.fsid());
        return new Target(named.scope(), export, ExportOptions.DEFAULTS, named.id(), Caller.ROOT);
    }

    /** The root of what is mounted on a name in a directory, if the caller may go there. */
    Target mountedOn(RpcCall call, Target directory, byte[] name) throws NfsException {
        if (!directory.options().crossMount()) {
            throw new NfsException(NfsStat3.NFS3ERR_ACCES);
        }
        try {
            Scope scope = directory.scope();
            Export mounted = scope.exports().mountedOn(directory.export(), directory.id(), name);
            return target(call, scope, mounted, mounted.fileSystem().root());
        } catch (VfsException e) {
            if (e.status() == Status.JUKEBOX) {
                throw new NfsException(NfsStat3.NFS3ERR_JUKEBOX);
            }
            String path = directory.export().definition().path().toString();
            access.deny(call.remoteAddress(), path, "crossmnt does not help: " + e.getMessage());
            throw new NfsException(NfsStat3.NFS3ERR_ACCES);
        }
    }

    /** The export with that fsid; one that a mount implies may be opened for it. */
    Export export(Scope scope, long fsid) throws NfsException {
        try {
            Exports exports = scope.exports();
            Optional<Export> served = exports.get().byFsid(fsid);
            Optional<Export> export = served.isPresent() ? served : exports.implied(fsid);
            boolean later = export.isEmpty() && exports.get().isAwaited(fsid);
            return export.orElseThrow(
                    () -> new NfsException(later ? NfsStat3.NFS3ERR_JUKEBOX : NfsStat3.NFS3ERR_STALE));
        } catch (VfsException e) {
            throw new NfsException(NfsException.statusOf(e));
        }
    }

    private Target target(RpcCall call, Scope scope, Export export, FileId id) throws NfsException {
        export.used();
        try {
            ExportOptions options = access.admit(export, call.remoteAddress());
            if (options == null) {
                throw new NfsException(NfsStat3.NFS3ERR_ACCES);
            }
            Caller caller = access.caller(call.credential(), options);
            return new Target(scope, export, options, id, caller);
        } catch (NameServiceException e) {
            access.undecided(call.remoteAddress(), export.definition().path().toString(), e);
            throw new NfsException(NfsStat3.NFS3ERR_JUKEBOX);
        }
    }
}
