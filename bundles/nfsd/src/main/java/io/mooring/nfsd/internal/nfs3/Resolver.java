package io.mooring.nfsd.internal.nfs3;

import io.mooring.nfsd.internal.exports.AccessControl;
import io.mooring.nfsd.internal.exports.Export;
import io.mooring.nfsd.internal.exports.ExportOptions;
import io.mooring.nfsd.internal.exports.ExportTable;
import io.mooring.nfsd.internal.exports.HostNames.NameServiceException;
import io.mooring.nfsd.internal.exports.RareLog;
import io.mooring.nfsd.internal.handle.FileHandles;
import io.mooring.nfsd.internal.handle.FileHandles.FileHandle;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.sunrpc.RpcCall;
import io.mooring.vfs.Caller;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * From a handle to what it names, if the caller may have it. Thread-safe: immutable.
 *
 * @param maxTransferBytes of READ, WRITE and the directory procedures over TCP; may change
 * @param troubles where errors of the file system are told
 */
public record Resolver(
        Supplier<ExportTable> exports,
        FileHandles handles,
        AccessControl access,
        IntSupplier maxTransferBytes,
        RareLog troubles) {

    Target resolve(RpcCall call, NfsFh3 handle) throws NfsException {
        FileHandle genuine =
                handles.decode(handle.data()).orElseThrow(() -> new NfsException(NfsStat3.NFS3ERR_BADHANDLE));
        ExportTable table = exports.get();
        Export export = table.byFsid(genuine.fsid()).orElse(null);
        if (export == null) {
            boolean later = table.isAwaited(genuine.fsid());
            throw new NfsException(later ? NfsStat3.NFS3ERR_JUKEBOX : NfsStat3.NFS3ERR_STALE);
        }
        try {
            ExportOptions options = access.admit(export, call.remoteAddress());
            if (options == null) {
                throw new NfsException(NfsStat3.NFS3ERR_ACCES);
            }
            Caller caller = access.caller(call.credential(), options);
            return new Target(export, options, genuine.id(), caller, handles);
        } catch (NameServiceException e) {
            access.undecided(call.remoteAddress(), export.definition().path().toString(), e);
            throw new NfsException(NfsStat3.NFS3ERR_JUKEBOX);
        }
    }
}
