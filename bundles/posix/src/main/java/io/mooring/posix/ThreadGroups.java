package io.mooring.posix;

import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The supplementary groups of one thread: what it was started with, and what it has now. Raw system calls: the C
 * library's setgroups changes every thread. Owned by its thread.
 */
final class ThreadGroups {
    private final ByteBuffer memory;
    private final long address;
    private final int at;
    private final int[] original;
    private int[] current;

    ThreadGroups(ByteBuffer memory, long base, int at) {
        this.memory = memory;
        this.address = base + at;
        this.at = at;
        long count = FileCalls.syscall(Arch.GETGROUPS, Scratch.MAX_GROUPS, address, 0, 0);
        if (count < 0) {
            throw new IllegalStateException("getgroups: errno " + Native.getLastError());
        }
        original = new int[(int) count];
        for (int i = 0; i < original.length; i++) {
            original[i] = memory.getInt(at + 4 * i);
        }
        current = original;
    }

    /** Sets them for this thread; 0 or a negative errno. Costs nothing when the thread has them already. */
    int set(int[] groups) {
        if (Arrays.equals(groups, current)) {
            return 0;
        }
        if (groups.length > Scratch.MAX_GROUPS) {
            return -Errno.EINVAL;
        }
        for (int i = 0; i < groups.length; i++) {
            memory.putInt(at + 4 * i, groups[i]);
        }
        if (FileCalls.syscall(Arch.SETGROUPS, groups.length, address, 0, 0) != 0) {
            return -Native.getLastError();
        }
        current = groups;
        return 0;
    }

    int restore() {
        return set(original);
    }
}
