package io.mooring.failover.internal.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What is appended, how far it is written and on stable storage, and who waits for that. Records are numbered from 1 in
 * the order in which they come. Thread-safe; nothing in here waits for a disk, and no future is completed within the monitor.
 */
final class Pending {
    /** The most bytes that may wait to be written. */
    static final long MAX_BYTES = 64L << 20;

    /** How long what nobody waits for may be written without being on stable storage. */
    private static final long LAZY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final boolean sync;
    private List<Entry> entries = new ArrayList<>();
    private List<Waiter> waiters = new ArrayList<>();
    private long bytes;
    private long appended;
    private long written;
    private long synced;
    private long dirtySince;
    /** The journal's thread knows that something waits. */
    private boolean woken;

    private boolean compactionDue;
    private boolean compacting;
    private boolean settled;
    private boolean closing;
    private IOException failure;

    /** A record, or the definition of a stream, or a mark. */
    record Entry(Kind kind, int stream, byte[] payload) {}

    private record Waiter(long sequence, boolean stable, CompletableFuture<Void> future) {}

    /** @param sync whether a record is acknowledged only when it is on stable storage */
    Pending(boolean sync) {
        this.sync = sync;
    }

    /**
     * Appends a record.
     *
     * @param stream told of it in order; null for none
     * @param wake whether the journal's thread is to write it
     * @return its number; 0 where the journal has failed
     * @throws IOException where too much waits: the journal has to fail
     */
    synchronized long add(Entry entry, JournalStream stream, boolean wake) throws IOException {
        if (failure != null) {
            return 0;
        }
        bytes += RecordCodec.size(entry.payload.length);
        if (bytes > MAX_BYTES) {
            throw new IOException("the disk is too slow: " + MAX_BYTES + " bytes wait to be written");
        }
        appended++;
        if (stream != null) {
            stream.appended(appended, entry.payload);
        }
        entries.add(entry);
        if (wake && !woken) {
            woken = true;
            notifyAll();
        }
        return appended;
    }

    /** A future that completes when the record of this number, and all before it, are where they must be. */
    synchronized CompletableFuture<Void> await(long sequence, boolean stable) {
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        if (sequence <= reached(stable)) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> future = new CompletableFuture<>();
        waiters.add(new Waiter(sequence, stable, future));
        notifyAll();
        return future;
    }

    private long reached(boolean stable) {
        return sync || stable ? synced : written;
    }

    synchronized CompletableFuture<Void> awaitAll() {
        return await(appended, true);
    }

    /** What is to be written now; whoever takes it has the writer lock. */
    synchronized List<Entry> takeAll() {
        List<Entry> all = entries;
        entries = new ArrayList<>();
        bytes = 0;
        woken = false;
        return all;
    }

    /** That many more are written; {@link #complete} is to be called outside of all locks. */
    synchronized void written(int count) {
        if (count > 0 && written == synced) {
            dirtySince = System.nanoTime();
            notifyAll();
        }
        written += count;
    }

    synchronized long written() {
        return written;
    }

    /** All up to this number are on stable storage; {@link #complete} is to be called outside of all locks. */
    synchronized void synced(long sequence) {
        synced = sequence;
        dirtySince = System.nanoTime();
    }

    /** Tells those who have waited long enough, or in vain; to be called outside of all locks. */
    void complete() {
        takeDone().forEach(waiter -> waiter.future.complete(null));
        takeFailed().forEach(waiter -> waiter.future.completeExceptionally(failureCause()));
    }

    private synchronized List<Waiter> takeDone() {
        if (waiters.isEmpty()) {
            return List.of();
        }
        List<Waiter> done = new ArrayList<>();
        List<Waiter> left = new ArrayList<>();
        for (Waiter waiter : waiters) {
            (waiter.sequence <= reached(waiter.stable) ? done : left).add(waiter);
        }
        waiters = left;
        return done;
    }

    private synchronized List<Waiter> takeFailed() {
        if (failure == null || waiters.isEmpty()) {
            return List.of();
        }
        List<Waiter> left = waiters;
        waiters = new ArrayList<>();
        return left;
    }

    /** The first one; null where there is none. */
    synchronized IOException failureCause() {
        return failure;
    }

    /** Nothing more is taken, and what waits is dropped; {@link #complete} is to be called outside of all locks. */
    synchronized void fail(IOException cause) {
        if (failure == null) {
            failure = cause;
            entries = new ArrayList<>();
            compacting = false;
            notifyAll();
        }
    }

    synchronized boolean isFailed() {
        return failure != null;
    }

    /** Waits for something to do: to write, to sync or to compact; false when there is nothing to come. */
    synchronized boolean awaitWork() throws InterruptedException {
        while (failure == null && !closing && entries.isEmpty() && !isSyncDue() && !isCompactionDue()) {
            if (written > synced) {
                long left = dirtySince + LAZY_NANOS - System.nanoTime();
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1));
            } else {
                wait();
            }
        }
        return failure == null && !closing;
    }

    /** Whether somebody waits for it, or it has waited long enough. */
    synchronized boolean isSyncDue() {
        return written > synced
                && (System.nanoTime() - dirtySince >= LAZY_NANOS
                        || waiters.stream().anyMatch(waiter -> sync || waiter.stable));
    }

    private boolean isCompactionDue() {
        return compactionDue && !settled;
    }

    synchronized void compactionDue() {
        compactionDue = true;
        notifyAll();
    }

    /** False where none is due, or none may begin. */
    synchronized boolean beginCompaction() {
        compacting = isCompactionDue() && !closing && failure == null;
        compactionDue = false;
        return compacting;
    }

    /** What was full is not written any more: whoever said meanwhile that it is full meant that file. */
    synchronized void rotated() {
        compactionDue = false;
    }

    synchronized void endCompaction() {
        compacting = false;
        notifyAll();
    }

    /** No compaction begins any more; waits for the one that is under way. */
    synchronized void settle() throws InterruptedException {
        settled = true;
        while (compacting) {
            wait();
        }
    }

    synchronized void close() {
        closing = true;
        notifyAll();
    }

    synchronized boolean isClosing() {
        return closing || failure != null;
    }
}
