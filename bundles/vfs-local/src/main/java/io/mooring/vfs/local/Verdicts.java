package io.mooring.vfs.local;

import io.mooring.posix.Statx;
import io.mooring.vfs.Caller;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the kernel said about callers' rights on one object. A verdict holds as long as the object's ctime is the one of
 * the verdict: chmod, chown and setfacl all change it. Bounded. Thread-safe.
 */
final class Verdicts {
    private static final int MAX_CALLERS = 64;

    private final ConcurrentHashMap<Caller, Verdict> verdicts = new ConcurrentHashMap<>(2);

    /**
     * Immutable.
     *
     * @param known the R_OK, W_OK, X_OK bits that were asked for
     * @param granted those that were granted
     */
    private record Verdict(Statx.Time ctime, int known, int granted) {}

    /** The granted ones of the wanted bits, or -1 where that is not known. */
    int granted(Caller caller, Statx.Time ctime, int wanted) {
        Verdict verdict = verdicts.get(caller);
        if (verdict == null || (verdict.known & wanted) != wanted || !verdict.ctime.equals(ctime)) {
            return -1;
        }
        return verdict.granted & wanted;
    }

    void remember(Caller caller, Statx.Time ctime, int asked, int granted) {
        if (verdicts.size() >= MAX_CALLERS) {
            verdicts.clear();
        }
        verdicts.merge(caller, new Verdict(ctime, asked, granted), Verdicts::join);
    }

    private static Verdict join(Verdict old, Verdict fresh) {
        if (!old.ctime.equals(fresh.ctime)) {
            return fresh;
        }
        return new Verdict(fresh.ctime, old.known | fresh.known, (old.granted & ~fresh.known) | fresh.granted);
    }
}
