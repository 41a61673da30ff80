package io.mooring.vfs;

/** The types of objects. */
public enum FileType {
    REGULAR,
    DIRECTORY,
    BLOCK_DEVICE,
    CHARACTER_DEVICE,
    SYMLINK,
    SOCKET,
    FIFO
}
