package io.mooring.failover.internal.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Thread-safe. Its monitor is taken within that of {@link Pending}, and never while others' code runs. */
final class JournalStream implements Stream {
    private final Journal journal;
    private final int number;
    private final String name;
    /** What was found and what came since, until somebody can say how things are; null then. */
    private List<Kept> kept;

    private Supplier<List<byte[]>> snapshot;
    private long lastAppended;

    /** A record and its number; 0: it was found. */
    private record Kept(long sequence, byte[] record) {}

    JournalStream(Journal journal, int number, String name, List<byte[]> found) {
        this.journal = journal;
        this.number = number;
        this.name = name;
        this.kept = new ArrayList<>(found.size());
        found.forEach(record -> kept.add(new Kept(0, record)));
    }

    int number() {
        return number;
    }

    String name() {
        return name;
    }

    @Override
    public void replay(Consumer<byte[]> reader) {
        kept(Long.MAX_VALUE).forEach(reader);
    }

    private synchronized List<byte[]> kept(long last) {
        return kept == null
                ? List.of()
                : kept.stream()
                        .filter(record -> record.sequence <= last)
                        .map(Kept::record)
                        .toList();
    }

    @Override
    public void append(byte[] record) {
        journal.append(this, record);
    }

    @Override
    public boolean write(byte[] record) {
        return journal.write(this, record);
    }

    @Override
    public CompletableFuture<Void> durable() {
        long sequence;
        synchronized (this) {
            sequence = lastAppended;
        }
        return journal.durable(sequence);
    }

    @Override
    public synchronized void snapshotBy(Supplier<List<byte[]>> snapshot) {
        this.snapshot = snapshot;
        kept = null;
    }

    /** In the order of the sequence. */
    synchronized void appended(long sequence, byte[] record) {
        lastAppended = sequence;
        if (kept != null) {
            kept.add(new Kept(sequence, record));
        }
    }

    /**
     * How things are, as records.
     *
     * @param last the number of the last record that the new file does not have
     */
    List<byte[]> snapshot(long last) {
        Supplier<List<byte[]>> asked;
        synchronized (this) {
            asked = snapshot;
        }
        return asked == null ? kept(last) : asked.get();
    }
}
