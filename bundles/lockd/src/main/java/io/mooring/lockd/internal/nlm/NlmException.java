package io.mooring.lockd.internal.nlm;

import io.mooring.lockd.internal.wire.Nlm4.Stat;

/** A call that is answered with a status, and nothing else. */
final class NlmException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Stat stat;

    NlmException(Stat stat) {
        super(stat.name(), null, false, false);
        this.stat = stat;
    }

    Stat stat() {
        return stat;
    }
}
