package io.mooring.vfs.local;

import io.mooring.posix.Errno;
import io.mooring.posix.FileHandles;
import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.vfs.FileId;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;

/**
 * File ids are kernel file handles: one byte for the handle's type, then its bytes. Only objects on the tree's own mount
 * have one. Immutable.
 */
final class FileIds {
    /** Where the kernel's bytes begin. */
    static final int HANDLE_AT = 1;

    private static final int MAX_TYPE = 0xff;

    private final int mountId;

    FileIds(int mountId) {
        this.mountId = mountId;
    }

    int mountId() {
        return mountId;
    }

    /** The id of what a directory has under this name, which is not followed. */
    FileId named(int directory, byte[] name, Scratch scratch) throws VfsException {
        return id(FileHandles.nameToHandle(directory, scratch.name(name), 0, scratch), scratch);
    }

    /** The id of the mount to which a name leads. */
    static int mountOf(int directory, byte[] name, Scratch scratch) throws VfsException {
        return Failures.check(FileHandles.nameToHandle(directory, scratch.name(name), 0, scratch), "name_to_handle_at");
    }

    /** The id of what a descriptor is open on. */
    FileId opened(int descriptor, Scratch scratch) throws VfsException {
        return id(FileHandles.nameToHandle(descriptor, scratch.empty(), PosixFiles.AT_EMPTY_PATH, scratch), scratch);
    }

    private FileId id(int mount, Scratch scratch) throws VfsException {
        // The tree's own file system gives handles; one that does not is another.
        if (mount != -Errno.EOPNOTSUPP) {
            Failures.check(mount, "name_to_handle_at");
        }
        if (mount != mountId) {
            throw new VfsException(Status.XDEV, "another file system is mounted there");
        }
        return read(scratch);
    }

    static FileId read(Scratch scratch) throws VfsException {
        byte[] handle = scratch.handle();
        int type = scratch.handleType();
        if (type < 0 || type > MAX_TYPE || handle.length + HANDLE_AT > FileId.MAX_BYTES) {
            throw Failures.of(
                    Errno.EOPNOTSUPP,
                    "the kernel's file handle has type " + type + " and " + handle.length
                            + " bytes, which does not fit");
        }
        byte[] bytes = new byte[HANDLE_AT + handle.length];
        bytes[0] = (byte) type;
        System.arraycopy(handle, 0, bytes, HANDLE_AT, handle.length);
        return new FileId(bytes);
    }

    static int type(FileId id) {
        return id.bytes()[0] & 0xff;
    }
}
