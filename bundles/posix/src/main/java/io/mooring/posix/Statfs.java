package io.mooring.posix;

import java.nio.ByteBuffer;

/**
 * What statfs(2) tells of a file system. Immutable.
 *
 * @param magic its type (include/uapi/linux/magic.h)
 * @param blockSize the unit of the block counts, in bytes
 * @param nameMax bytes of one name
 */
public record Statfs(
        long magic,
        long blockSize,
        long blocks,
        long freeBlocks,
        long availableBlocks,
        long files,
        long freeFiles,
        int nameMax) {

    public static final long EXT4 = 0xEF53;
    public static final long MSDOS = 0x4d44;

    /** The layout of x86-64 and AArch64. */
    static Statfs read(ByteBuffer memory, int at) {
        long fragment = memory.getLong(at + 72);
        return new Statfs(
                memory.getLong(at),
                fragment != 0 ? fragment : memory.getLong(at + 8),
                memory.getLong(at + 16),
                memory.getLong(at + 24),
                memory.getLong(at + 32),
                memory.getLong(at + 40),
                memory.getLong(at + 48),
                (int) memory.getLong(at + 64));
    }
}
