package io.mooring.vfs.local;

import io.mooring.posix.Errno;
import io.mooring.posix.FileHandles;
import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.vfs.FileId;
import java.util.concurrent.locks.LockSupport;

/** The kernel finds objects by handle (open_by_handle_at, needs CAP_DAC_READ_SEARCH). Immutable. */
final class KernelHandles implements Handles {
    private static final int FLAGS = PosixFiles.O_PATH | PosixFiles.O_NOFOLLOW | PosixFiles.O_CLOEXEC;

    /**
     * The kernel says ENOMEM also for a removed object whose inode number is just being given to a new one (ext4_iget gets
     * no inode while I_CREATING is set): microseconds later it is ESTALE. Real want of memory stays.
     */
    private static final int TRIES = 50;

    private static final long PAUSE_NANOS = 20_000;

    private final int mount;

    /**
     * @param mount the tree's root, not opened with O_PATH; stays the giver's to close
     */
    KernelHandles(int mount) {
        this.mount = mount;
    }

    @Override
    public int open(FileId id, Scratch scratch) {
        byte[] bytes = id.bytes();
        if (bytes.length <= FileIds.HANDLE_AT) {
            return -Errno.EINVAL;
        }
        int descriptor = FileHandles.openByHandle(mount, FileIds.type(id), bytes, FileIds.HANDLE_AT, FLAGS, scratch);
        for (int i = 0; descriptor == -Errno.ENOMEM && i < TRIES; i++) {
            LockSupport.parkNanos(PAUSE_NANOS);
            descriptor = FileHandles.openByHandle(mount, FileIds.type(id), bytes, FileIds.HANDLE_AT, FLAGS, scratch);
        }
        return descriptor;
    }

    @Override
    public void seen(FileId id, FileId directory, byte[] name) {
        // The kernel knows.
    }

    @Override
    public void removed(FileId id, FileId directory, byte[] name, boolean gone) {
        // The kernel knows.
    }

    @Override
    public String description() {
        return "by kernel file handle";
    }

    @Override
    public void close() {
        // Has nothing of its own.
    }
}
