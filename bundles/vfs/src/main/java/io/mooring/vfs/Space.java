package io.mooring.vfs;

/** Bytes and files of a file system: all, free, and free for the caller. */
public record Space(
        long totalBytes,
        long freeBytes,
        long availableBytes,
        long totalFiles,
        long freeFiles,
        long availableFiles,
        Attributes attributes) {}
