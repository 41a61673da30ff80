package io.mooring.vfs.local;

import io.mooring.posix.Statx;

/** Attributes without a file. */
final class TestStats {
    private static final Statx.Time TIME = new Statx.Time(0, 0);
    private static final Statx.Device DEVICE = new Statx.Device(0, 0);

    private TestStats() {}

    static Statx regular(long inode) {
        return new Statx(Statx.S_IFREG | 0644, 1, 0, 0, inode, 0, 0, TIME, TIME, TIME, DEVICE, DEVICE);
    }
}
