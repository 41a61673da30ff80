package io.mooring.vfs.local;

import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;

/** Names of file system types, for messages (include/uapi/linux/magic.h). Stateless. */
final class FileSystemNames {

    private FileSystemNames() {}

    static String of(int descriptor, Scratch scratch) {
        if (PosixFiles.fstatfs(descriptor, scratch) < 0) {
            return "of unknown type";
        }
        long magic = scratch.statfs().magic();
        return switch ((int) magic) {
            case 0xEF53 -> "ext4";
            case 0x58465342 -> "xfs";
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
