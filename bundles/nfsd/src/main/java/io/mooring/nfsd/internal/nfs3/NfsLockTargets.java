package io.mooring.nfsd.internal.nfs3;

import io.mooring.nfsd.internal.exports.Export;
import io.mooring.nfsd.internal.scopes.Scope;
import io.mooring.nfsd.internal.scopes.Scopes.Named;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcBuffer;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcCredential;
import io.mooring.vfs.Caller;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.FileSystem.Access;
import io.mooring.vfs.LockTargets;
import io.mooring.vfs.LockableFiles;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * What lockd asks of nfsd: which file a handle names, if the client may use its export. Nothing is kept for the locks: they
 * have descriptors of their own, and stay when the file system is closed, as one that a mount implies is when it is not used
 * for a while. Thread-safe.
 */
public record NfsLockTargets(Resolver resolver) implements LockTargets {

    @Override
    public LockTarget find(byte[] handle, InetAddress service, InetSocketAddress client, Caller claimed)
            throws VfsException {
        try {
            LockCall call = new LockCall(new InetSocketAddress(service, 0), client, credential(claimed));
            Target target = resolver.resolve(call, new NfsFh3(handle));
            FileSystem fileSystem = target.fileSystem();
            if (target.options().authNlm()) {
                requireUse(fileSystem, target.id(), target.caller());
            }
            return new LockTarget(
                    new LockedFile(target.export().fsid(), target.id()),
                    target.options().readOnly(),
                    () -> lockable(fileSystem).openLocks(target.id()));
        } catch (NfsException e) {
            throw failure(e);
        }
    }

    private static VfsException failure(NfsException e) {
        Status status = switch (e.status()) {
            case NFS3ERR_BADHANDLE -> Status.BADHANDLE;
            case NFS3ERR_STALE -> Status.STALE;
            case NFS3ERR_JUKEBOX -> Status.JUKEBOX;
            case NFS3ERR_ACCES -> Status.ACCES;
            default -> Status.IO;
        };
        return new VfsException(status, "no file for this client: " + e.status());
    }

    /** Who may neither read nor write a file, and does not own it, could only keep others from using it. */
    static void requireUse(FileSystem fileSystem, FileId id, Caller caller) throws VfsException {
        Access access = fileSystem.access(caller, id, FileSystem.ACCESS_READ | FileSystem.ACCESS_MODIFY);
        if (access.granted() == 0 && access.attributes().uid() != caller.uid()) {
            throw new VfsException(Status.ACCES, "the caller may neither read nor write the file");
        }
    }

    private static RpcCredential credential(Caller claimed) {
        return claimed == null
                ? new RpcCredential.AuthNone()
                : new RpcCredential.AuthSys(0, "", claimed.uid(), claimed.gid(), claimed.groups());
    }

    private static LockableFiles lockable(FileSystem fileSystem) throws VfsException {
        if (fileSystem instanceof LockableFiles files) {
            return files;
        }
        throw new VfsException(Status.NOTSUPP, "the file system has no locks");
    }

    @Override
    public LockedFile identify(byte[] handle, InetAddress service) throws VfsException {
        Named named = resolver.scopes().find(handle, service);
        return new LockedFile(named.fsid(), named.id());
    }

    @Override
    public Opener reopen(LockedFile file, InetAddress service) throws VfsException {
        FileSystem fileSystem = fileSystem(file, service);
        return () -> lockable(fileSystem).openLocks(file.id());
    }

    @Override
    public String describe(LockedFile file, InetAddress service) {
        try {
            return fileSystem(file, service) instanceof LockableFiles files ? files.path(file.id()) : null;
        } catch (VfsException e) {
            // It is gone, or not exported any more; its locks are not yet.
            return null;
        }
    }

    private FileSystem fileSystem(LockedFile file, InetAddress service) throws VfsException {
        Scope scope = resolver.scopes().taken(service);
        try {
            Export export = resolver.export(scope, file.fsid());
            export.used();
            return export.fileSystem();
        } catch (NfsException e) {
            throw failure(e);
        }
    }

    /** As much of a call as the resolver looks at. */
    private record LockCall(InetSocketAddress localAddress, InetSocketAddress remoteAddress, RpcCredential credential)
            implements RpcCall {
        @Override
        public int xid() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Netid transport() {
            throw new UnsupportedOperationException();
        }

        @Override
        public RpcBuffer allocate(int size) {
            throw new UnsupportedOperationException();
        }
    }
}
