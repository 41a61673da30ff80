package io.mooring.posix;

import com.sun.jna.Native;
import com.sun.jna.Platform;

/**
 * The C library's functions on files, by address: nothing is copied, nothing is thrown. Stateless. Wrappers that older C
 * libraries lack go through {@code syscall(2)}.
 */
final class FileCalls {
    static {
        Arch.check();
        Native.register(FileCalls.class, Platform.C_LIBRARY_NAME);
    }

    private FileCalls() {}

    static native int openat(int directory, long path, int flags, int mode);

    static native int close(int descriptor);

    static native int dup(int descriptor);

    static native int statx(int directory, long path, int flags, int mask, long target);

    static native int name_to_handle_at(int directory, long path, long handle, long mountId, int flags);

    static native int open_by_handle_at(int mount, long handle, int flags);

    static native long pread(int descriptor, long target, long count, long offset);

    static native long pwrite(int descriptor, long source, long count, long offset);

    static native long preadv2(int descriptor, long vectors, int count, long offset, int flags);

    static native long pwritev2(int descriptor, long vectors, int count, long offset, int flags);

    static native long lseek(int descriptor, long offset, int whence);

    static native int mkdirat(int directory, long path, int mode);

    static native int symlinkat(long target, int directory, long path);

    static native int linkat(int fromDirectory, long from, int toDirectory, long to, int flags);

    static native int unlinkat(int directory, long path, int flags);

    static native int renameat2(int fromDirectory, long from, int toDirectory, long to, int flags);

    static native long readlinkat(int directory, long path, long target, long size);

    static native int fchmodat(int directory, long path, int mode, int flags);

    static native int fchmod(int descriptor, int mode);

    static native int fchownat(int directory, long path, int uid, int gid, int flags);

    static native int utimensat(int directory, long path, long times, int flags);

    static native int ftruncate(int descriptor, long length);

    static native int fallocate(int descriptor, int mode, long offset, long length);

    static native int fsync(int descriptor);

    static native int fdatasync(int descriptor);

    static native int syncfs(int descriptor);

    static native int fstatfs(int descriptor, long target);

    static native long fpathconf(int descriptor, int name);

    static native int prlimit(int pid, int resource, long wanted, long current);

    static native int geteuid();

    static native long getxattr(long path, long name, long value, long size);

    static native int setxattr(long path, long name, long value, long size, int flags);

    static native int removexattr(long path, long name);

    static native long syscall(long number, long a, long b, long c, long d);
}
