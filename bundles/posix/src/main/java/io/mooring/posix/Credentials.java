package io.mooring.posix;

/**
 * The identity with which the kernel checks the calling thread's file accesses: file system uid and gid, supplementary
 * groups. Raw system calls, which change this thread only. Nothing here allocates, throws or loads a class, once {@link
 * Scratch#mine} has been called on the thread: while a thread has another identity it must not run other Java code.
 */
public final class Credentials {
    private static final int ASK = -1;

    private Credentials() {}

    /**
     * Takes another identity, and reads it back.
     *
     * @return 0, or a negative errno: the identity is then undefined until {@link #restore}
     */
    public static int assume(int uid, int gid, int[] groups, Scratch scratch) {
        int result = scratch.groups().set(groups);
        if (result != 0) {
            return result;
        }
        FileCalls.syscall(Arch.SETFSGID, gid, 0, 0, 0);
        FileCalls.syscall(Arch.SETFSUID, uid, 0, 0, 0);
        return fsUid() == uid && fsGid() == gid ? 0 : -Errno.EPERM;
    }

    /**
     * Takes back the server's own, and reads it back.
     *
     * @return 0, or a negative errno: the thread must then do nothing more
     */
    public static int restore(int uid, int gid, Scratch scratch) {
        FileCalls.syscall(Arch.SETFSUID, uid, 0, 0, 0);
        FileCalls.syscall(Arch.SETFSGID, gid, 0, 0, 0);
        int result = scratch.groups().restore();
        if (result != 0) {
            return result;
        }
        return fsUid() == uid && fsGid() == gid ? 0 : -Errno.EPERM;
    }

    /** Of the calling thread. */
    public static int fsUid() {
        return (int) FileCalls.syscall(Arch.SETFSUID, ASK, 0, 0, 0);
    }

    /** Of the calling thread. */
    public static int fsGid() {
        return (int) FileCalls.syscall(Arch.SETFSGID, ASK, 0, 0, 0);
    }

    /** The effective uid of the process. */
    public static int effectiveUid() {
        return FileCalls.geteuid();
    }
}
