package io.mooring.itests.crash;

/** Where a call is when its server is killed. */
enum CrashPoint {
    BEFORE_THE_OPERATION,
    /** The operation was carried out, and nothing of it is written down: from the begin of its system call. */
    BEFORE_THE_NOTE,
    BEFORE_THE_SYNC,
    BEFORE_THE_REPLY_IS_KEPT,
    BEFORE_THE_REPLY_IS_SENT,
    AFTER_THE_REPLY_WAS_SENT;

    /** Whether the next server knows that the operation was carried out. */
    boolean isKnown() {
        return compareTo(BEFORE_THE_SYNC) >= 0;
    }
}
