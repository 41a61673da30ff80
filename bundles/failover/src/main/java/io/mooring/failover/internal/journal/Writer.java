package io.mooring.failover.internal.journal;

import io.mooring.failover.internal.journal.Pending.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Brings what is {@link Pending} into the files. Any thread may {@link #drain}; what else there is to do is for the journal's
 * thread alone, where nothing else is said.
 */
final class Writer {
    private static final byte[] NOTHING = {};

    private final Pending pending;
    private final ReentrantLock lock = new ReentrantLock();
    /** Changed by the journal's thread with the lock. */
    private volatile ActiveFile active;

    private OpenFile spare;
    private long lastOfOld;
    private boolean closed;

    /** @param spare what the next generation goes into */
    Writer(Pending pending, ActiveFile active, OpenFile spare) {
        this.pending = pending;
        this.active = active;
        this.spare = spare;
    }

    static Entry definition(JournalStream stream) {
        return new Entry(Kind.STREAM, stream.number(), stream.name().getBytes(StandardCharsets.UTF_8));
    }

    /** Something to do with the files. */
    private interface Step {
        void run() throws IOException;
    }

    /** Has failed for all when it fails: behind a record that is not whole nothing must be written. */
    private void locked(Step step) throws IOException {
        lock.lock();
        try {
            step.run();
        } catch (IOException e) {
            pending.fail(e);
            throw e;
        } catch (RuntimeException | Error e) {
            pending.fail(new IOException("the journal can't be written: " + e, e));
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** Writes all that waits; on any thread. */
    void drain() throws IOException {
        locked(this::drainLocked);
    }

    private void drainLocked() throws IOException {
        if (pending.isFailed()) {
            return; // perhaps the files are closed
        }
        List<Entry> entries = pending.takeAll();
        for (Entry entry : entries) {
            active.add(entry.kind(), entry.stream(), entry.payload());
        }
        active.flush();
        pending.written(entries.size());
        if (active.isFull()) {
            pending.compactionDue();
        }
    }

    void sync() throws IOException {
        long target = pending.written();
        active.sync();
        pending.synced(target);
    }

    /**
     * Lets events go to the other file.
     *
     * @param streams asked for only when all that waited is written: those whose definition went to this file are among them
     * @return the number of the last record in this one
     */
    long rotate(Supplier<List<JournalStream>> streams) throws IOException {
        locked(() -> {
            drainLocked();
            lastOfOld = pending.written();
            active.add(Kind.ROTATED, 0, NOTHING);
            active.flush();
            ActiveFile next = active.next(spare);
            for (JournalStream stream : streams.get()) {
                Entry definition = definition(stream);
                next.add(definition.kind(), definition.stream(), definition.payload());
            }
            next.flush();
            spare = active.file();
            active = next;
        });
        spare.sync();
        return lastOfOld;
    }

    /** Part of a snapshot, to be written with what is drained next. */
    void addSnapshot(JournalStream stream, byte[] record) throws IOException {
        locked(() -> active.add(Kind.SNAPSHOT, stream.number(), record));
    }

    /** From now on the other file is not needed. */
    void endSnapshots() throws IOException {
        locked(() -> {
            if (pending.isFailed()) {
                return; // events were dropped that the snapshots may have
            }
            drainLocked();
            active.add(Kind.SNAPSHOT_END, 0, NOTHING);
            active.flush();
            active.snapshotEnds();
        });
        sync();
        active.makeRoomIn(spare);
    }

    /** What the journal lacked is made up for; on any thread. */
    void markComplete() throws IOException {
        locked(() -> {
            active.setIncomplete(false);
            pending.add(new Entry(Kind.COMPLETE, 0, NOTHING), null, false);
            drainLocked();
        });
    }

    /** After a failure, on any thread: what was acknowledged before it was on stable storage may never come there. */
    void markFailed() {
        lock.lock();
        try {
            if (active.header().async() && !closed) {
                active.setIncomplete(true);
                active.writeHeader();
            }
        } catch (IOException e) {
            return; // the failure that brought us here says it all
        } finally {
            lock.unlock();
        }
    }

    /** Writes what waits and the clean mark, unless it failed before; the journal's thread must have ended. */
    void end(IOException ended) throws IOException {
        locked(() -> {
            if (!pending.isFailed()) {
                drainLocked();
                active.add(Kind.CLEAN, 0, NOTHING);
                active.flush();
                sync();
                pending.fail(ended); // nothing may be written behind the mark
            }
        });
    }

    /** After {@link #end}. */
    void closeFiles() {
        lock.lock();
        try {
            closed = true;
            active.file().close();
            spare.close();
        } finally {
            lock.unlock();
        }
    }
}
