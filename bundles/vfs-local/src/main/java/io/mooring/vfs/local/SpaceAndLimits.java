package io.mooring.vfs.local;

import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.posix.Statfs;
import io.mooring.vfs.Attributes;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileTime;
import io.mooring.vfs.Limits;
import io.mooring.vfs.Space;
import io.mooring.vfs.VfsException;

/** FSSTAT, and the file system's part of FSINFO and PATHCONF. Thread-safe. */
final class SpaceAndLimits {
    private static final long EXT4_BLOCKS = (1L << 32) - 1;
    private static final int ONE_LINK = 1;

    private final Tree tree;
    private volatile long maxFileSize;

    SpaceAndLimits(Tree tree) {
        this.tree = tree;
    }

    Space space(FileId id) throws VfsException {
        Scratch scratch = Scratch.mine();
        try (OpenObject object = tree.open(id, scratch)) {
            Attributes attributes = Stat.attributes(tree.stat(object, scratch));
            Statfs found = statfs(scratch);
            long block = found.blockSize();
            return new Space(
                    found.blocks() * block,
                    found.freeBlocks() * block,
                    found.availableBlocks() * block,
                    found.files(),
                    found.freeFiles(),
                    found.freeFiles(),
                    attributes);
        }
    }

    Limits limits(FileId id) throws VfsException {
        Scratch scratch = Scratch.mine();
        try (OpenObject object = tree.open(id, scratch)) {
            Attributes attributes = Stat.attributes(tree.stat(object, scratch));
            Statfs found = statfs(scratch);
            long links = PosixFiles.linkMax(tree.rootDescriptor());
            return new Limits(
                    maxFileSize(found, scratch),
                    new FileTime(0, 1),
                    (int) Math.min(Integer.MAX_VALUE, Math.max(ONE_LINK, links)),
                    found.nameMax(),
                    true,
                    found.magic() == Statfs.MSDOS,
                    true,
                    attributes);
        }
    }

    private Statfs statfs(Scratch scratch) throws VfsException {
        Failures.check(PosixFiles.fstatfs(tree.rootDescriptor(), scratch), "fstatfs");
        return scratch.statfs();
    }

    private long maxFileSize(Statfs found, Scratch scratch) {
        if (maxFileSize == 0) {
            maxFileSize = probe(found, scratch);
        }
        return maxFileSize;
    }

    /** lseek refuses what is beyond the largest file: tried on a file without a name, where one can be made. */
    private long probe(Statfs found, Scratch scratch) {
        int flags = PosixFiles.O_TMPFILE | PosixFiles.O_RDWR | PosixFiles.O_CLOEXEC;
        int file = PosixFiles.openat(tree.rootDescriptor(), scratch.name(new byte[] {'.'}), flags, 0600);
        if (file < 0) {
            return found.magic() == Statfs.EXT4 ? EXT4_BLOCKS * found.blockSize() : Long.MAX_VALUE;
        }
        long works = 0;
        long fails = -1;
        for (long step = 1L << 62; step > 0; step >>= 1) {
            long candidate = works + step;
            if (candidate > works && PosixFiles.lseek(file, candidate, PosixFiles.SEEK_SET) >= 0) {
                works = candidate;
            } else {
                fails = candidate;
            }
        }
        PosixFiles.close(file);
        return fails == -1 ? Long.MAX_VALUE : works;
    }
}
