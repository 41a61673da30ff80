package io.mooring.posix;

import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Entries of a directory as getdents64(2) gives them, a buffer full at a time. Not thread-safe. */
public final class Dirents {
    private static final int INODE = 0;
    private static final int OFFSET = 8;
    private static final int LENGTH = 16;
    private static final int TYPE = 18;
    private static final int NAME = 19;
    private static final byte DT_UNKNOWN = 0;
    private static final byte DT_DIR = 4;

    private final ByteBuffer memory;
    private final long address;
    private int filled;
    private int at;
    private int next;

    /** Reads into a direct buffer, all of it. */
    public Dirents(ByteBuffer direct) {
        this.memory = direct.slice().order(ByteOrder.nativeOrder());
        this.address = Scratch.address(memory);
    }

    /** Reads on from where the descriptor stands: bytes read, 0 at the end, or a negative errno. */
    public int fill(int directory) {
        long count = FileCalls.syscall(Arch.GETDENTS64, directory, address, memory.capacity(), 0);
        if (count < 0) {
            return -Native.getLastError();
        }
        filled = (int) count;
        next = 0;
        return filled;
    }

    /** Goes to the next entry; false when the buffer has no more. */
    public boolean next() {
        if (next >= filled) {
            return false;
        }
        at = next;
        next += memory.getShort(at + LENGTH) & 0xffff;
        return true;
    }

    public long inode() {
        return memory.getLong(at + INODE);
    }

    /** Where the entry after this one is: for lseek. */
    public long offset() {
        return memory.getLong(at + OFFSET);
    }

    public byte[] name() {
        int end = at + NAME;
        while (memory.get(end) != 0) {
            end++;
        }
        byte[] name = new byte[end - at - NAME];
        memory.get(at + NAME, name);
        return name;
    }

    /** False where it is sure to be none: some file systems do not tell. */
    public boolean mayBeDirectory() {
        byte type = memory.get(at + TYPE);
        return type == DT_DIR || type == DT_UNKNOWN;
    }

    /** Whether it is "." or "..". */
    public boolean isDot() {
        return memory.get(at + NAME) == '.'
                && (memory.get(at + NAME + 1) == 0
                        || (memory.get(at + NAME + 1) == '.' && memory.get(at + NAME + 2) == 0));
    }
}
