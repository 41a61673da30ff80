package io.mooring.vfs.local;

import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.posix.Statfs;
import io.mooring.posix.Statx;
import io.mooring.vfs.VfsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is known of file systems by their type (include/uapi/linux/magic.h). Stateless. */
final class FileSystemTypes {
    private static final int EXT4 = (int) Statfs.EXT4;
    private static final int XFS = 0x58465342;
    private static final Path SYS = Path.of("/sys");

    private FileSystemTypes() {}

    /** Whether syncing one object brings all that was done before to the disk, too: one journal, in order. */
    static boolean journalsInOrder(int descriptor, Scratch scratch) throws VfsException {
        if (PosixFiles.fstatfs(descriptor, scratch) < 0) {
            return false;
        }
        int magic = (int) scratch.statfs().magic();
        return magic == XFS
                || (magic == EXT4 && hasJournal(Stat.of(descriptor, scratch).device(), SYS));
    }

    /**
     * ext2, and ext4 without a journal, have ext4's magic, too. Where it cannot be told there is none, which costs time only.
     *
     * @param sys where sysfs is mounted
     */
    static boolean hasJournal(Statx.Device device, Path sys) {
        try {
            Path block = sys.resolve("dev/block/" + device.major() + ":" + device.minor());
            Path name = block.toRealPath().getFileName();
            // The journal's kernel thread, 0 where this process cannot see it, or <none>.
            String task = Files.readString(sys.resolve("fs/ext4").resolve(name).resolve("journal_task"));
            return task.strip().matches("\\d+");
        } catch (IOException e) {
            return false;
        }
    }

    static String of(int descriptor, Scratch scratch) {
        if (PosixFiles.fstatfs(descriptor, scratch) < 0) {
            return "of unknown type";
        }
        long magic = scratch.statfs().magic();
        return switch ((int) magic) {
            case EXT4 -> "ext4";
            case XFS -> "xfs";
            case 0x9123683E -> "btrfs";
            case 0x01021994 -> "tmpfs";
            case 0x794C7630 -> "overlayfs";
            case 0x65735546 -> "fuse";
            case 0x6969 -> "nfs";
            case 0x9fa0 -> "proc";
            case 0x62656572 -> "sysfs";
            case 0x858458F6 -> "ramfs";
            default -> "type 0x" + Long.toHexString(magic);
        };
    }
}
