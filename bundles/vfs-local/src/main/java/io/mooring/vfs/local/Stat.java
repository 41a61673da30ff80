package io.mooring.vfs.local;

import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.posix.Statx;
import io.mooring.vfs.Attributes;
import io.mooring.vfs.FileTime;
import io.mooring.vfs.FileType;
import io.mooring.vfs.VfsException;

/** From the kernel's idea of attributes to ours. Stateless. */
final class Stat {
    private static final int PERMISSIONS = 07777;
    private static final int BLOCK = 512;

    private Stat() {}

    static Statx of(int descriptor, Scratch scratch) throws VfsException {
        Failures.check(PosixFiles.statx(descriptor, scratch), "statx");
        return scratch.statx();
    }

    static Attributes attributes(Statx stat) {
        return new Attributes(
                type(stat),
                stat.mode() & PERMISSIONS,
                stat.nlink(),
                stat.uid(),
                stat.gid(),
                stat.size(),
                stat.blocks() * BLOCK,
                stat.rdev().major(),
                stat.rdev().minor(),
                stat.inode(),
                time(stat.atime()),
                time(stat.mtime()),
                time(stat.ctime()));
    }

    static FileTime time(Statx.Time time) {
        return new FileTime(time.seconds(), time.nanos());
    }

    static FileType type(Statx stat) {
        return switch (stat.type()) {
            case Statx.S_IFREG -> FileType.REGULAR;
            case Statx.S_IFDIR -> FileType.DIRECTORY;
            case Statx.S_IFLNK -> FileType.SYMLINK;
            case Statx.S_IFBLK -> FileType.BLOCK_DEVICE;
            case Statx.S_IFCHR -> FileType.CHARACTER_DEVICE;
            case Statx.S_IFSOCK -> FileType.SOCKET;
            default -> FileType.FIFO;
        };
    }
}
