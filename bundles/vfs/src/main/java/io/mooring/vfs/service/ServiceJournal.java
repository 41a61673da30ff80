package io.mooring.vfs.service;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A participant's part of a service's journal: records that it understands, on storage that moves with the service. A record
 * says what is true from then on ("this owner holds this range"), so that applying it twice, or to a state that already
 * has it, is the same as applying it once. Thread-safe.
 */
@ProviderType
public interface ServiceJournal {

    /** Gives the records that were found when the service was taken, oldest first; to be read once, before the first append. */
    void replay(Consumer<byte[]> reader);

    /**
     * Appends a record; takes the array over. Records are in the order of these calls. Never blocks on a disk: it may be called
     * within a monitor.
     */
    void append(byte[] record);

    /**
     * Completes when all that was appended until now is on stable storage (or written, where the service's lockDurability is
     * async); at once where nothing is under way. Fails with an IOException where the journal could not be written: then nothing
     * must be answered that depends on it.
     */
    CompletableFuture<Void> durable();

    /**
     * How the present state is written as records, when the journal is compacted; asked for on the journal's thread while
     * others go on appending. Each record must be true at some moment during the call.
     */
    void snapshotBy(Supplier<List<byte[]>> snapshot);
}
