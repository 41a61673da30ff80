package io.mooring.vfs.local;

import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.vfs.FileTime;
import io.mooring.vfs.NewAttributes;

/** Time stamps as utimensat(2) takes them. Immutable. */
record Times(long atimeSeconds, int atimeNanos, long mtimeSeconds, int mtimeNanos) {

    /** Null where none is to be set. */
    static Times of(NewAttributes wanted) {
        FileTime atime = wanted.atime();
        FileTime mtime = wanted.mtime();
        if (atime == null && mtime == null) {
            return null;
        }
        return new Times(seconds(atime), nanos(atime), seconds(mtime), nanos(mtime));
    }

    int set(int descriptor, Scratch scratch) {
        return PosixFiles.utimens(descriptor, atimeSeconds, atimeNanos, mtimeSeconds, mtimeNanos, scratch);
    }

    private static long seconds(FileTime time) {
        return time == null ? 0 : time.seconds();
    }

    @SuppressWarnings("ReferenceEquality") // NOW is compared by identity: its value is a time like any other
    private static int nanos(FileTime time) {
        if (time == null) {
            return PosixFiles.UTIME_OMIT;
        }
        return time == NewAttributes.NOW ? PosixFiles.UTIME_NOW : time.nanos();
    }
}
