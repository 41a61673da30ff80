package io.mooring.vfs.local;

import io.mooring.posix.Capabilities;
import io.mooring.posix.Credentials;
import io.mooring.posix.PosixException;
import io.mooring.posix.Scratch;
import io.mooring.vfs.Caller;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;

/**
 * A server that runs as root: the kernel sees the caller. The identity is the thread's own, is read back before the calls,
 * and is given back before anything else runs on the thread: a class loaded or a log file opened with a caller's rights
 * would fail. Thread-safe.
 */
final class CallerIdentity implements Identity {
    private static final int ROOT = 0;
    private static final int NOBODY_AT_ALL = -1;

    /** Without it the kernel honours quotas and reserved blocks also on threads of a root process. */
    private final ThreadLocal<Boolean> prepared = ThreadLocal.withInitial(CallerIdentity::prepareThread);

    /** Set once root's identity could not be had back: a new thread in its place could only inherit what this one has. */
    private final ThreadLocal<Boolean> lost = ThreadLocal.withInitial(() -> false);

    @Override
    public void requireOwn() throws VfsException {
        if (lost.get()) {
            throw new VfsException(Status.SERVERFAULT, "this thread lost root's identity, restart the server");
        }
    }

    @Override
    public long as(Caller caller, Scratch scratch, Calls calls) throws VfsException {
        requireOwn();
        if (caller.uid() == ROOT && caller.gid() == ROOT) {
            return calls.run();
        }
        if (caller.uid() == NOBODY_AT_ALL
                || caller.gid() == NOBODY_AT_ALL
                || caller.groups().length > Scratch.MAX_GROUPS) {
            throw new VfsException(Status.ACCES, "the kernel knows no such identity: " + caller);
        }
        prepared.get();
        int uid = caller.uid();
        int gid = caller.gid();
        int[] groups = caller.groups();
        long result = 0;
        int assumed;
        int restored;
        // From here to the restore only classes that are loaded already, and no allocation.
        assumed = Credentials.assume(uid, gid, groups, scratch);
        try {
            if (assumed == 0) {
                result = calls.run();
            }
        } finally {
            restored = Credentials.restore(ROOT, ROOT, scratch);
        }
        if (restored != 0) {
            lost.set(true);
            throw new IllegalStateException("this thread cannot get root's identity back (errno " + -restored
                    + "): the process lost CAP_SETUID or CAP_SETGID");
        }
        if (assumed != 0) {
            throw new VfsException(
                    Status.SERVERFAULT, "the kernel refused the identity " + caller + ": errno " + -assumed);
        }
        return result;
    }

    @Override
    public int uid(Caller caller) {
        return caller.uid();
    }

    @Override
    public boolean perCaller() {
        return true;
    }

    private static boolean prepareThread() {
        try {
            Capabilities.drop(Capabilities.CAP_SYS_RESOURCE);
            return true;
        } catch (PosixException e) {
            return false;
        }
    }
}
