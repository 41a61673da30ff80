package io.mooring.vfs;

/**
 * What a file system can do.
 *
 * @param maxFileSize bytes
 * @param timeDelta the granularity of its time stamps
 * @param linkMax hard links to one file
 * @param nameMax bytes of one name
 */
public record Limits(
        long maxFileSize,
        FileTime timeDelta,
        int linkMax,
        int nameMax,
        boolean chownRestricted,
        boolean caseInsensitive,
        boolean casePreserving,
        Attributes attributes) {}
