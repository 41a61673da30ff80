package io.mooring.vfs.local;

import io.mooring.posix.Errno;
import io.mooring.posix.FileHandles;
import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.vfs.FileId;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;

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
    public int open(FileId id, Scratch scratch) throws VfsException {
        byte[] bytes = id.bytes();
        if (bytes.length <= FileIds.HANDLE_AT) {
            throw new VfsException(Status.BADHANDLE, "a file id of " + bytes.length + " bytes");
        }
        int descriptor = FileHandles.openByHandle(mount, FileIds.type(id), bytes, FileIds.HANDLE_AT, FLAGS, scratch);
        if (descriptor == -Errno.EINVAL) {
            throw new VfsException(Status.BADHANDLE, "the kernel knows no such handle: " + id);
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
