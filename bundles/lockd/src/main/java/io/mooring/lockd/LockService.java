package io.mooring.lockd;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The lock manager, seen from outside; an OSGi service while it serves. Thread-safe. */
@ProviderType
public interface LockService {

    /** The locks and waiters that the filter names, by file; those of a file are of one moment. */
    List<LockEntry> locks(LockFilter filter);

    /** Releases what the filter names, and ends the waiting of what waits. Returns how many entries these were. */
    int release(LockFilter filter);

    /** The hosts that are monitored, that have something, or that are still to be told of a restart. */
    List<HostEntry> hosts();

    /** One row per address of this host through which locks are taken. */
    List<GraceEntry> grace();

    /**
     * Which locks; null is any.
     *
     * @param client its address
     * @param file its path as {@link LockEntry} has it, or its id
     * @param owner as {@link LockEntry} has it
     * @param start the first byte
     */
    record LockFilter(String client, String file, String owner, Long start) {
        public static final LockFilter ALL = new LockFilter(null, null, null, null);

        /** Whether it names the entry. */
        public boolean matches(LockEntry entry) {
            return (client == null || client.equals(entry.client()))
                    && (file == null || file.equals(entry.path()) || file.equals(entry.id()))
                    && (owner == null || owner.equals(entry.owner()))
                    && (start == null || start == entry.start());
        }
    }

    /**
     * A lock, or a waiter.
     *
     * @param path null where it is not known
     * @param id fsid and file id, hexadecimal
     * @param start the first byte
     * @param end the last byte; null: to the end of the file
     * @param exclusive or shared
     * @param client its address
     * @param owner the process, as the client calls it
     * @param service our address through which it came
     * @param since when it was granted, or began to wait
     * @param waiting it is not granted yet
     * @param blockedBy who is in the way of a waiter; null: nobody that is known
     */
    record LockEntry(
            String path,
            String id,
            long start,
            Long end,
            boolean exclusive,
            String client,
            String owner,
            String service,
            Instant since,
            boolean waiting,
            String blockedBy) {}

    /**
     * A host.
     *
     * @param name what it calls itself; empty where it is not known
     * @param locks locks, waiters and shares
     * @param monitored it is on stable storage, and will be told of a restart
     * @param mayReclaim it had locks before the restart, and the grace period goes on
     * @param unnotified it has not answered SM_NOTIFY yet
     */
    record HostEntry(
            String client,
            String service,
            String name,
            int locks,
            boolean monitored,
            boolean mayReclaim,
            boolean unnotified) {}

    /**
     * An address.
     *
     * @param state its NSM state number
     * @param remaining of its grace period; zero: there is none
     * @param awaited hosts that may reclaim
     */
    record GraceEntry(String service, int state, Duration remaining, int awaited) {}
}
