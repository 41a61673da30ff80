package io.mooring.lockd.internal.testing;

import io.mooring.vfs.service.ServiceJournal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A journal in memory, whose stable storage can be slow, or fail. Thread-safe by its monitor. */
public final class MemoryJournal implements ServiceJournal {
    private final List<byte[]> found;
    private final List<byte[]> records = new ArrayList<>();
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private Supplier<List<byte[]>> snapshot;
    private boolean replayed;
    private boolean slow;
    private boolean failing;
    private boolean lazy;
    private RuntimeException error;

    public MemoryJournal() {
        this(List.of());
    }

    private MemoryJournal(List<byte[]> found) {
        this.found = List.copyOf(found);
        this.records.addAll(found);
    }

    /** What the next node finds. */
    public synchronized MemoryJournal next() {
        return new MemoryJournal(records);
    }

    /** Is not compacted by itself. */
    public synchronized MemoryJournal lazy() {
        lazy = true;
        return this;
    }

    public synchronized int size() {
        return records.size();
    }

    @Override
    public synchronized void replay(Consumer<byte[]> reader) {
        if (replayed || records.size() != found.size()) {
            throw new IllegalStateException("read late, or twice");
        }
        replayed = true;
        found.forEach(reader);
    }

    @Override
    public synchronized void append(byte[] bytes) {
        if (error != null) {
            throw error;
        }
        records.add(bytes);
    }

    @Override
    public synchronized CompletableFuture<Void> durable() {
        if (failing) {
            return CompletableFuture.failedFuture(new IOException("the disk is gone"));
        }
        if (!slow) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> future = new CompletableFuture<>();
        waiting.add(future);
        return future;
    }

    /** Nothing gets durable until {@link #catchUp}. */
    public synchronized void stall() {
        slow = true;
    }

    public void catchUp() {
        List<CompletableFuture<Void>> done;
        synchronized (this) {
            slow = false;
            done = List.copyOf(waiting);
            waiting.clear();
        }
        done.forEach(future -> future.complete(null));
    }

    public synchronized int waiters() {
        return waiting.size();
    }

    public synchronized void fail(boolean now) {
        failing = now;
    }

    /** What {@link #append} breaks down with; null: it does not. */
    public synchronized void refuse(RuntimeException now) {
        error = now;
    }

    /** Is compacted at once: what the supplier says must be all from the beginning. */
    @Override
    public void snapshotBy(Supplier<List<byte[]>> supplier) {
        synchronized (this) {
            snapshot = supplier;
            if (lazy) {
                return;
            }
        }
        compact();
    }

    /** While others go on appending. */
    public void compact() {
        int before = size();
        List<byte[]> present = snapshot().get();
        replace(before, present);
    }

    private synchronized Supplier<List<byte[]>> snapshot() {
        return snapshot;
    }

    /** Only the first records were written. */
    public synchronized void truncate(int count) {
        records.subList(count, records.size()).clear();
    }

    /** Puts these in the place of the first records. */
    public synchronized void replace(int count, List<byte[]> present) {
        List<byte[]> rest = List.copyOf(records.subList(count, records.size()));
        records.clear();
        records.addAll(present);
        records.addAll(rest);
    }
}
