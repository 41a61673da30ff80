package io.mooring.failover.internal.journal;

import io.mooring.vfs.service.ServiceJournal;

/** One of failover's own streams of a journal. Thread-safe. */
public interface Stream extends ServiceJournal {

    /**
     * Appends a record, takes the array over, and returns when it is written, with all that was appended before it: it is found
     * again however this process ends, though not after a power loss, before {@link #durable}. What a snapshot says must be
     * changed before this is called.
     *
     * @return false where the journal can't be written any more, or is closed
     */
    boolean write(byte[] record);
}
