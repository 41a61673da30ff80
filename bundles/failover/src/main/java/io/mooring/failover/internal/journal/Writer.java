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

    /** @param spare what the next generation goes into */
    Writer(Pending pending, ActiveFile active, OpenFile spare) {
        this.pending = pending;
        this.active = active;
        this.spare = spare;
    }

    static Entry definition(JournalStream stream) {
        return new Entry(Kind.STREAM, stream.number(), stream.name().getBytes(StandardCharsets.UTF_8));
    }

    /** Writes all that waits; on any thread. */
    void drain() throws IOException {
        lock.lock();
        try {
            drainLocked();
        } finally {
            lock.unlock();
        }
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
     * @return the number of the last record in this one
     */
    long rotate(Supplier<List<JournalStream>> streams) throws IOException {
        OpenFile old;
        long last;
        lock.lock();
        try {
            drainLocked();
            last = pending.written();
            active.add(Kind.ROTATED, 0, NOTHING);
            active.flush();
            ActiveFile next = active.next(spare);
            // Asked for only now: those whose definition went to the old file are among them.
            for (JournalStream stream : streams.get()) {
                Entry definition = definition(stream);
                next.add(definition.kind(), definition.stream(), definition.payload());
            }
            next.flush();
            old = active.file();
            active = next;
            spare = old;
        } finally {
            lock.unlock();
        }
        old.sync();
        return last;
    }

    /** Part of a snapshot, to be written with what is drained next. */
    void addSnapshot(JournalStream stream, byte[] record) throws IOException {
        lock.lock();
        try {
            active.add(Kind.SNAPSHOT, stream.number(), record);
        } finally {
            lock.unlock();
        }
    }

    /** From now on the other file is not needed. */
    void endSnapshots() throws IOException {
        lock.lock();
        try {
            if (pending.isFailed()) {
                return; // events were dropped that the snapshots may have
            }
            drainLocked();
            active.add(Kind.SNAPSHOT_END, 0, NOTHING);
            active.flush();
            active.snapshotEnds();
        } finally {
            lock.unlock();
        }
        sync();
        active.makeRoomIn(spare);
    }

    /** What the journal lacked is made up for; on any thread. */
    void markComplete() throws IOException {
        lock.lock();
        try {
            active.setIncomplete(false);
            pending.add(new Entry(Kind.COMPLETE, 0, NOTHING), null, false);
            drainLocked();
        } finally {
            lock.unlock();
        }
    }

    /** After a failure, on any thread: what was acknowledged before it was on stable storage may never come there. */
    void markFailed() {
        lock.lock();
        try {
            if (active.header().async()) {
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
    void end(IOException closed) throws IOException {
        lock.lock();
        try {
            if (!pending.isFailed()) {
                drainLocked();
                active.add(Kind.CLEAN, 0, NOTHING);
                active.flush();
                sync();
            }
        } catch (IOException e) {
            markFailed();
            throw e;
        } finally {
            pending.fail(closed); // nothing may be written behind the mark
            lock.unlock();
        }
    }

    /** After {@link #end}, or a failure. */
    void closeFiles() {
        lock.lock();
        try {
            active.file().close();
            spare.close();
        } finally {
            lock.unlock();
        }
    }
}
