package io.mooring.posix;

import com.sun.jna.Native;

/** The kernel's file handles (open_by_handle_at(2)). Thread-safe. */
public final class FileHandles {

    private FileHandles() {}

    /**
     * Finds an object's handle, for {@link Scratch#handle} and {@link Scratch#handleType}.
     *
     * @param path not followed when it is a symbolic link
     * @return the mount's id, or a negative errno
     */
    public static int nameToHandle(int directory, long path, int flags, Scratch scratch) {
        int result = FileCalls.name_to_handle_at(
                directory, path, scratch.handleAddress(Scratch.MAX_HANDLE), scratch.mountIdAddress(), flags);
        return result == 0 ? scratch.mountId() : -Native.getLastError();
    }

    /**
     * Opens an object. Needs CAP_DAC_READ_SEARCH.
     *
     * @param mount a descriptor on the same mount, not opened with O_PATH
     * @param bytes the handle, from {@code from} to the end
     * @return a descriptor, or a negative errno
     */
    public static int openByHandle(int mount, int type, byte[] bytes, int from, int flags, Scratch scratch) {
        if (bytes.length - from > Scratch.MAX_HANDLE) {
            return -Errno.EINVAL;
        }
        scratch.setHandle(type, bytes, from);
        int result = FileCalls.open_by_handle_at(mount, scratch.handleAddress(), flags);
        return result >= 0 ? result : -Native.getLastError();
    }
}
