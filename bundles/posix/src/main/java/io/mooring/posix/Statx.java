package io.mooring.posix;

import java.nio.ByteBuffer;

/**
 * What statx(2) tells of an object. Immutable.
 *
 * @param mode type and permission bits
 * @param blocks of 512 bytes
 */
public record Statx(
        int mode,
        int nlink,
        int uid,
        int gid,
        long inode,
        long size,
        long blocks,
        Time atime,
        Time mtime,
        Time ctime,
        Device rdev,
        Device device) {

    /** The bits of {@link #mode} that tell the type, and its values. */
    public static final int S_IFMT = 0170000;

    public static final int S_IFSOCK = 0140000;
    public static final int S_IFLNK = 0120000;
    public static final int S_IFREG = 0100000;
    public static final int S_IFBLK = 0060000;
    public static final int S_IFDIR = 0040000;
    public static final int S_IFCHR = 0020000;
    public static final int S_IFIFO = 0010000;

    /** Seconds since 1970, and 0 to 999,999,999 nanoseconds. */
    public record Time(long seconds, int nanos) {}

    /** A device number. */
    public record Device(int major, int minor) {}

    public int type() {
        return mode & S_IFMT;
    }

    public boolean isRegular() {
        return type() == S_IFREG;
    }

    public boolean isDirectory() {
        return type() == S_IFDIR;
    }

    /** The layout is the same on all architectures (include/uapi/linux/stat.h). */
    static Statx read(ByteBuffer memory, int at) {
        return new Statx(
                memory.getShort(at + 0x1c) & 0xffff,
                memory.getInt(at + 0x10),
                memory.getInt(at + 0x14),
                memory.getInt(at + 0x18),
                memory.getLong(at + 0x20),
                memory.getLong(at + 0x28),
                memory.getLong(at + 0x30),
                time(memory, at + 0x40),
                time(memory, at + 0x70),
                time(memory, at + 0x60),
                new Device(memory.getInt(at + 0x80), memory.getInt(at + 0x84)),
                new Device(memory.getInt(at + 0x88), memory.getInt(at + 0x8c)));
    }

    private static Time time(ByteBuffer memory, int at) {
        return new Time(memory.getLong(at), memory.getInt(at + 8));
    }
}
