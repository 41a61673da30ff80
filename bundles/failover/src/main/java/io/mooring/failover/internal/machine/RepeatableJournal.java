package io.mooring.failover.internal.machine;

import io.mooring.vfs.service.ServiceJournal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A participant's journal whose records are kept until all have taken the service: the first attempts may fail, and then
 * nobody can say how things are. As thread-safe as what it wraps; replayed on the machine's thread.
 */
final class RepeatableJournal implements ServiceJournal {
    private final ServiceJournal journal;
    /** Null when the participant has what it needs. */
    private List<byte[]> records = new ArrayList<>();
    /** Null where the participant has not said one, or the journal knows it. */
    private Supplier<List<byte[]>> snapshot;

    /** Reads the records. */
    RepeatableJournal(ServiceJournal journal) {
        this.journal = journal;
        journal.replay(records::add);
    }

    synchronized void taken() {
        records = null;
        if (snapshot != null) {
            journal.snapshotBy(snapshot);
        }
    }

    @Override
    public synchronized void replay(Consumer<byte[]> reader) {
        if (records == null) {
            throw new IllegalStateException("the service is taken: its journal was read");
        }
        records.forEach(record -> reader.accept(record.clone()));
    }

    @Override
    public void append(byte[] record) {
        journal.append(record);
    }

    @Override
    public CompletableFuture<Void> durable() {
        return journal.durable();
    }

    @Override
    public synchronized void snapshotBy(Supplier<List<byte[]>> supplier) {
        if (records == null) {
            journal.snapshotBy(supplier);
        } else {
            snapshot = supplier;
        }
    }
}
