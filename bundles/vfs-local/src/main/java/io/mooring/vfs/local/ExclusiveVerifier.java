package io.mooring.vfs.local;

import io.mooring.posix.Statx;
import io.mooring.vfs.FileTime;
import io.mooring.vfs.NewAttributes;

/**
 * Keeps the verifier of an exclusive CREATE in the seconds of the file's time stamps until the client sets them, so that a
 * retry finds it, after a restart too. 31 bits each: more does not fit the oldest file systems. Stateless.
 */
final class ExclusiveVerifier {
    private static final long SECONDS = 0x7fffffffL;

    private ExclusiveVerifier() {}

    static NewAttributes attributes(long verifier, int mode) {
        return new NewAttributes(
                mode, null, null, null, new FileTime(high(verifier), 0), new FileTime(low(verifier), 0));
    }

    /** A file that has been written to is not one that is just being made. */
    static boolean matches(long verifier, Statx stat) {
        return stat.isRegular()
                && stat.size() == 0
                && stat.atime().seconds() == high(verifier)
                && stat.mtime().seconds() == low(verifier);
    }

    private static long high(long verifier) {
        return verifier >>> 32 & SECONDS;
    }

    private static long low(long verifier) {
        return verifier & SECONDS;
    }
}
