package io.mooring.vfs.local;

import io.mooring.posix.Errno;
import io.mooring.posix.FileHandles;
import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.vfs.FileId;

/** The kernel finds objects by handle (open_by_handle_at, needs CAP_DAC_READ_SEARCH). Immutable. */
final class KernelHandles implements Handles {
    private static final int FLAGS = PosixFiles.O_PATH | PosixFiles.O_NOFOLLOW | PosixFiles.O_CLOEXEC;

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
        return FileHandles.openByHandle(mount, FileIds.type(id), bytes, FileIds.HANDLE_AT, FLAGS, scratch);
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
