package io.mooring.failover.internal.journal;

/** A journal that must not be touched; the message is one line that says why, and what to do. */
public final class ForeignJournalException extends Exception {
    private static final long serialVersionUID = 1L;

    ForeignJournalException(String message) {
        super(message);
    }
}
