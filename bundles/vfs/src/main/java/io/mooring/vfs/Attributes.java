package io.mooring.vfs;

/**
 * What stat tells of an object.
 *
 * @param mode permission bits, with set-uid, set-gid and sticky (07777)
 * @param size bytes
 * @param used bytes on disk
 * @param rdevMajor of a device, else 0
 * @param fileid the inode number, unsigned
 */
public record Attributes(
        FileType type,
        int mode,
        int nlink,
        int uid,
        int gid,
        long size,
        long used,
        int rdevMajor,
        int rdevMinor,
        long fileid,
        FileTime atime,
        FileTime mtime,
        FileTime ctime) {}
