package io.mooring.posix;

import com.sun.jna.Native;

/**
 * System calls on files. Each returns what the kernel returns: a result, or a negative {@link Errno}; none throws, loads a
 * class or allocates, so that all may be used while the thread has another identity. Paths are addresses from {@link
 * Scratch}. Thread-safe.
 */
public final class PosixFiles {
    public static final int AT_FDCWD = -100;
    public static final int AT_SYMLINK_NOFOLLOW = 0x100;
    public static final int AT_REMOVEDIR = 0x200;
    public static final int AT_SYMLINK_FOLLOW = 0x400;
    public static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_EACCESS = 0x200;

    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0100;
    public static final int O_EXCL = 0200;
    public static final int O_NONBLOCK = 04000;
    public static final int O_NOCTTY = 0400;
    public static final int O_DIRECTORY = Arch.O_DIRECTORY;
    public static final int O_NOFOLLOW = Arch.O_NOFOLLOW;
    public static final int O_CLOEXEC = 02000000;
    public static final int O_PATH = 010000000;
    public static final int O_TMPFILE = 020000000 | Arch.O_DIRECTORY;

    public static final int R_OK = 4;
    public static final int W_OK = 2;
    public static final int X_OK = 1;

    /** For utimensat, in place of nanoseconds. */
    public static final int UTIME_NOW = (1 << 30) - 1;

    public static final int UTIME_OMIT = (1 << 30) - 2;

    public static final int SEEK_SET = 0;

    /** For preadv2 and pwritev2. */
    public static final int RWF_DSYNC = 0x2;

    public static final int RWF_SYNC = 0x4;
    public static final int RWF_NOWAIT = 0x8;

    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int PC_LINK_MAX = 0;
    private static final int RLIMIT_NOFILE = 7;

    private PosixFiles() {}

    public static int openat(int directory, long path, int flags, int mode) {
        return result(FileCalls.openat(directory, path, flags, mode));
    }

    public static int close(int descriptor) {
        return result(FileCalls.close(descriptor));
    }

    public static int dup(int descriptor) {
        return result(FileCalls.dup(descriptor));
    }

    /** Fills {@link Scratch#statx} with what the descriptor is open on. */
    public static int statx(int descriptor, Scratch scratch) {
        return statx(descriptor, scratch.empty(), AT_EMPTY_PATH, scratch);
    }

    /** Fills {@link Scratch#statx}. */
    public static int statx(int directory, long path, int flags, Scratch scratch) {
        return result(FileCalls.statx(directory, path, flags, STATX_BASIC_STATS, scratch.statxAddress()));
    }

    /** Asks the kernel whether the thread's present identity has R_OK, W_OK, X_OK on what the descriptor is open on. */
    public static int access(int descriptor, int mode, Scratch scratch) {
        return result((int)
                FileCalls.syscall(Arch.FACCESSAT2, descriptor, scratch.empty(), mode, AT_EACCESS | AT_EMPTY_PATH));
    }

    public static long pread(int descriptor, long target, long count, long offset) {
        return result(FileCalls.pread(descriptor, target, count, offset));
    }

    public static long pwrite(int descriptor, long source, long count, long offset) {
        return result(FileCalls.pwrite(descriptor, source, count, offset));
    }

    public static long preadv2(int descriptor, Vectors vectors, long offset, int flags) {
        return result(FileCalls.preadv2(descriptor, vectors.address(), vectors.count(), offset, flags));
    }

    public static long pwritev2(int descriptor, Vectors vectors, long offset, int flags) {
        return result(FileCalls.pwritev2(descriptor, vectors.address(), vectors.count(), offset, flags));
    }

    public static long lseek(int descriptor, long offset, int whence) {
        return result(FileCalls.lseek(descriptor, offset, whence));
    }

    public static int mkdirat(int directory, long path, int mode) {
        return result(FileCalls.mkdirat(directory, path, mode));
    }

    public static int mknodat(int directory, long path, int mode, int major, int minor) {
        return result((int) FileCalls.syscall(Arch.MKNODAT, directory, path, mode, device(major, minor)));
    }

    public static int symlinkat(long target, int directory, long path) {
        return result(FileCalls.symlinkat(target, directory, path));
    }

    public static int linkat(int fromDirectory, long from, int toDirectory, long to, int flags) {
        return result(FileCalls.linkat(fromDirectory, from, toDirectory, to, flags));
    }

    public static int unlinkat(int directory, long path, int flags) {
        return result(FileCalls.unlinkat(directory, path, flags));
    }

    public static int renameat2(int fromDirectory, long from, int toDirectory, long to, int flags) {
        return result(FileCalls.renameat2(fromDirectory, from, toDirectory, to, flags));
    }

    /** Reads a symbolic link for {@link Scratch#linkTarget}; its length. */
    public static int readlinkat(int directory, long path, Scratch scratch) {
        return (int) result(FileCalls.readlinkat(directory, path, scratch.otherNameAddress(), Scratch.PATH_MAX));
    }

    public static int fchmodat(int directory, long path, int mode) {
        return result(FileCalls.fchmodat(directory, path, mode, 0));
    }

    public static int fchmod(int descriptor, int mode) {
        return result(FileCalls.fchmod(descriptor, mode));
    }

    /** Changes owner and group of what the descriptor is open on; -1 leaves one as it is. */
    public static int fchown(int descriptor, int uid, int gid, Scratch scratch) {
        return result(FileCalls.fchownat(descriptor, scratch.empty(), uid, gid, AT_EMPTY_PATH));
    }

    /** Sets both time stamps of what the descriptor is open on; nanoseconds may be UTIME_NOW or UTIME_OMIT. */
    public static int utimens(
            int descriptor, long atimeSeconds, int atimeNanos, long mtimeSeconds, int mtimeNanos, Scratch scratch) {
        scratch.setTime(0, atimeSeconds, atimeNanos);
        scratch.setTime(1, mtimeSeconds, mtimeNanos);
        return result(FileCalls.utimensat(descriptor, scratch.empty(), scratch.timesAddress(), AT_EMPTY_PATH));
    }

    public static int ftruncate(int descriptor, long length) {
        return result(FileCalls.ftruncate(descriptor, length));
    }

    /**
     * Reserves room for a range, so that writing to it cannot fail for want of space; the file grows where it ends earlier.
     * What is in it stays, what is new reads as zeros. EOPNOTSUPP where the file system has no such thing.
     */
    public static int fallocate(int descriptor, long offset, long length) {
        return result(FileCalls.fallocate(descriptor, 0, offset, length));
    }

    public static int fsync(int descriptor) {
        return result(FileCalls.fsync(descriptor));
    }

    public static int fdatasync(int descriptor) {
        return result(FileCalls.fdatasync(descriptor));
    }

    /** Brings the whole file system to stable storage. */
    public static int syncfs(int descriptor) {
        return result(FileCalls.syncfs(descriptor));
    }

    /** Fills {@link Scratch#statfs}. */
    public static int fstatfs(int descriptor, Scratch scratch) {
        return result(FileCalls.fstatfs(descriptor, scratch.statfsAddress()));
    }

    /** How many hard links a file may have. */
    public static long linkMax(int descriptor) {
        return result(FileCalls.fpathconf(descriptor, PC_LINK_MAX));
    }

    /** The size of an extended attribute, by a path that is followed. */
    public static long xattrSize(long path, long name) {
        return result(FileCalls.getxattr(path, name, 0, 0));
    }

    /** Reads an extended attribute for {@link Scratch#value}, by a path that is followed; its size. */
    public static int getxattr(long path, long name, Scratch scratch) {
        return (int) result(FileCalls.getxattr(path, name, scratch.valueAddress(), Scratch.VALUE_MAX));
    }

    /** Sets an extended attribute to the {@code size} bytes that {@link Scratch#setValue} stored. */
    public static int setxattr(long path, long name, int size, Scratch scratch) {
        return result(FileCalls.setxattr(path, name, scratch.valueAddress(), size, 0));
    }

    public static int removexattr(long path, long name) {
        return result(FileCalls.removexattr(path, name));
    }

    /** How many descriptors this process may have open. */
    public static long descriptorLimit() {
        Scratch scratch = Scratch.mine();
        int result = result(FileCalls.prlimit(0, RLIMIT_NOFILE, 0, scratch.smallAddress()));
        return result < 0 ? result : scratch.smallLong(0);
    }

    /** The system call takes 12 bits of major and 20 of minor. */
    private static int device(int major, int minor) {
        return (minor & 0xff) | ((major & 0xfff) << 8) | ((minor & ~0xff) << 12);
    }

    private static int result(int result) {
        return result >= 0 ? result : -Native.getLastError();
    }

    private static long result(long result) {
        return result >= 0 ? result : -Native.getLastError();
    }
}
