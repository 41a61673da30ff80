package io.mooring.posix;

import com.sun.jna.Native;
import com.sun.jna.Platform;

/**
 * Open-file-description locks (fcntl(2), F_OFD_SETLK): they belong to the open file description, not to the process. Each
 * function returns 0 or a negative {@link Errno}; none waits. Thread-safe.
 *
 * @param type {@link #F_RDLCK} or {@link #F_WRLCK}; {@link #F_UNLCK}: nobody's
 * @param start the first byte
 * @param length bytes; 0: to the end of the file
 * @param pid the process that has it; -1: an open file description of whichever process
 */
public record FileLock(int type, long start, long length, int pid) {
    public static final int F_RDLCK = 0;
    public static final int F_WRLCK = 1;
    public static final int F_UNLCK = 2;

    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;

    private static final long FCNTL = Platform.isIntel() ? 72 : 25;

    /** Of struct flock, which has 32 bytes: type and whence, both short, and three words. */
    private static final int START = 1;

    private static final int LENGTH = 2;
    private static final int PID = 6;

    /** Changes the lock of a range, or with F_UNLCK releases it: EAGAIN where another one is in the way. */
    public static int set(int descriptor, int type, long start, long length, Scratch scratch) {
        return call(descriptor, F_OFD_SETLK, type, start, length, scratch);
    }

    /** Finds a lock that would be in the way, for {@link #found}. */
    public static int find(int descriptor, int type, long start, long length, Scratch scratch) {
        return call(descriptor, F_OFD_GETLK, type, start, length, scratch);
    }

    /** What the last {@link #find} of this thread found. */
    public static FileLock found(Scratch scratch) {
        return new FileLock(
                scratch.smallInt(0) & 0xffff,
                scratch.smallLong(START),
                scratch.smallLong(LENGTH),
                scratch.smallInt(PID));
    }

    private static int call(int descriptor, int command, int type, long start, long length, Scratch scratch) {
        // The whence SEEK_SET is 0, in the upper half on these little-endian machines; the pid must be 0.
        scratch.setSmallInt(0, type);
        setSmallLong(START, start, scratch);
        setSmallLong(LENGTH, length, scratch);
        setSmallLong(3, 0, scratch);
        int result = (int) FileCalls.syscall(FCNTL, descriptor, command, scratch.smallAddress(), 0);
        return result >= 0 ? 0 : -Native.getLastError();
    }

    /** Little-endian, as all machines are that {@link Arch} knows. */
    private static void setSmallLong(int index, long value, Scratch scratch) {
        scratch.setSmallInt(2 * index, (int) value);
        scratch.setSmallInt(2 * index + 1, (int) (value >>> 32));
    }
}
