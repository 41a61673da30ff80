package io.mooring.failover.internal.journal;

import java.util.UUID;

/**
 * How a journal is opened. Immutable.
 *
 * @param service the service's name
 * @param bytes of each of the two files at the least
 * @param sync whether records are acknowledged on stable storage only
 * @param exclusive whether it is sure that nobody else has the files open: they may be used again then
 * @param fresh whether nobody can have used it yet
 * @param boot the present start of this host
 */
public record JournalOptions(String service, long bytes, boolean sync, boolean exclusive, boolean fresh, UUID boot) {
    /** A file with less room would be compacted all the time. */
    public static final long MIN_BYTES = 64 << 10;

    public JournalOptions {
        bytes = Math.max(bytes, MIN_BYTES);
    }
}
