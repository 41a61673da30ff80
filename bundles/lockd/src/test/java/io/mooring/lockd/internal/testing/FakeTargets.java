package io.mooring.lockd.internal.testing;

import io.mooring.lockd.internal.locks.FakeFiles;
import io.mooring.lockd.internal.table.FileKey;
import io.mooring.vfs.Caller;
import io.mooring.vfs.FileId;
import io.mooring.vfs.LockTargets;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Handles of one byte are files of fsid 1; what they name can be changed. Used by one thread. */
public final class FakeTargets implements LockTargets {
    public final FakeFiles files = new FakeFiles();
    /** What find fails with; null: it does not. */
    public Status failure;

    /** What reopen breaks down with; null: it does not. */
    public RuntimeException error;

    public boolean readOnly;
    /** What was asked for last. */
    public Caller claimed;

    public static byte[] handle(int file) {
        return new byte[] {(byte) file};
    }

    public static FileKey key(int file) {
        return new FileKey(1, new FileId(handle(file)));
    }

    @Override
    public LockTarget find(byte[] handle, InetAddress service, InetSocketAddress client, Caller caller)
            throws VfsException {
        if (failure != null) {
            throw new VfsException(failure, "not found");
        }
        claimed = caller;
        LockedFile file = identify(handle, service);
        return new LockTarget(file, readOnly, files.opener(new FileKey(file.fsid(), file.id())));
    }

    @Override
    public LockedFile identify(byte[] handle, InetAddress service) throws VfsException {
        if (handle.length != 1) {
            throw new VfsException(Status.BADHANDLE, "no handle");
        }
        return new LockedFile(1, new FileId(handle.clone()));
    }

    @Override
    public Opener reopen(LockedFile file, InetAddress service) throws VfsException {
        if (error != null) {
            throw error;
        }
        if (failure != null) {
            throw new VfsException(failure, "not found");
        }
        return files.opener(new FileKey(file.fsid(), file.id()));
    }

    @Override
    public String describe(LockedFile file, InetAddress service) {
        return file.id().bytes()[0] == 9 ? null : "/export/" + file.id().bytes()[0];
    }
}
