package io.mooring.failover.internal.journal;

import io.mooring.failover.internal.journal.Pending.Entry;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of a service while this node has it. Thread-safe. What is appended is written by the thread that is first to
 * have the writer lock: the journal's own, or one that calls {@link #write}; only the journal's own thread syncs and compacts.
 * Futures complete on that thread, without any lock: what depends on them must not block.
 */
public final class Journal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    /** Bytes of a snapshot that are written before others have their turn. */
    private static final int TURN = 256 << 10;

    private final String service;
    private final boolean complete;
    private final Pending pending;
    private final Writer writer;
    private final Map<String, JournalStream> streams = new LinkedHashMap<>();
    private final Thread thread;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean told = new AtomicBoolean();

    private IOException failure;
    private Consumer<IOException> listener;

    /**
     * Goes on with a file that begins with all that was found.
     *
     * @param complete whether that is all there was
     * @param found of each stream, in the order of their numbers in the file, which begin with 1
     */
    Journal(String service, boolean complete, Pending pending, Writer writer, Map<String, List<byte[]>> found) {
        this.service = service;
        this.complete = complete;
        this.pending = pending;
        this.writer = writer;
        found.forEach((name, records) -> streams.put(name, new JournalStream(this, streams.size() + 1, name, records)));
        this.thread = new Thread(this::run, "mooring-journal-" + service);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Whether it had everything that was promised, when it was opened. */
    public boolean isComplete() {
        return complete;
    }

    /** The same one each time. */
    public Stream stream(String name) {
        synchronized (streams) {
            JournalStream known = streams.get(name);
            if (known != null) {
                return known;
            }
            JournalStream stream = new JournalStream(this, streams.size() + 1, name, List.of());
            add(Writer.definition(stream), null, false);
            streams.put(name, stream);
            return stream;
        }
    }

    void append(JournalStream stream, byte[] record) {
        add(event(stream, record), stream, true);
    }

    boolean write(JournalStream stream, byte[] record) {
        long number = add(event(stream, record), stream, false);
        if (number == 0) {
            return false;
        }
        try {
            if (pending.written() < number) {
                writer.drain();
            }
        } catch (IOException e) {
            fail(e);
        }
        pending.complete();
        return pending.written() >= number;
    }

    private static boolean fits(byte[] record) {
        return record.length <= RecordCodec.MAX_PAYLOAD;
    }

    private static Entry event(JournalStream stream, byte[] record) {
        if (!fits(record)) {
            throw new IllegalArgumentException(
                    "a record of " + record.length + " bytes: " + RecordCodec.MAX_PAYLOAD + " are the most");
        }
        return new Entry(Kind.EVENT, stream.number(), record);
    }

    private long add(Entry entry, JournalStream stream, boolean wake) {
        try {
            return pending.add(entry, stream, wake);
        } catch (IOException e) {
            fail(e);
            return 0;
        }
    }

    CompletableFuture<Void> durable(long sequence) {
        return pending.await(sequence, false);
    }

    /** Returns when all that was appended is on stable storage, whatever it takes to be acknowledged. */
    public void flush() throws IOException {
        try {
            pending.awaitAll().get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the journal of " + service + " was flushed", e);
        }
    }

    /** What the journal lacked is made up for: it counts as complete when it is opened next. */
    public void markComplete() {
        try {
            writer.markComplete();
        } catch (IOException e) {
            fail(e);
        }
    }

    /** From now on nobody is asked how things are: to be called before they are given up. */
    public void settle() {
        uninterruptibly(pending::settle);
    }

    /** A step that may wait. */
    private interface Step {
        void run() throws InterruptedException;
    }

    private static void uninterruptibly(Step step) {
        boolean interrupted = false;
        while (true) {
            try {
                step.run();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Is told once, on a thread of its own, when the journal can't be written any more; at once where that has happened. */
    public void onFailure(Consumer<IOException> toTell) {
        IOException happened;
        synchronized (this) {
            listener = toTell;
            happened = failure;
        }
        if (happened != null) {
            toTell.accept(happened);
        }
    }

    /** Ends it as a failed write does. */
    void fail(IOException cause) {
        pending.fail(cause);
        if (!told.getAndSet(true)) {
            // On a thread of its own: the caller may be in a monitor that those who are told want.
            Thread telling = new Thread(this::tell, "mooring-journal-failed-" + service);
            telling.setDaemon(true);
            telling.start();
        }
    }

    private void tell() {
        pending.complete();
        Consumer<IOException> tellTo;
        synchronized (this) {
            failure = pending.failureCause();
            tellTo = listener;
        }
        if (tellTo != null) {
            tellTo.accept(failure);
        }
        writer.markFailed();
    }

    private void run() {
        try {
            while (pending.awaitWork()) {
                commit();
                if (pending.beginCompaction()) {
                    compact();
                }
            }
            if (pending.isFailed()) {
                fail(pending.failureCause());
            }
        } catch (IOException e) {
            fail(e);
        } catch (InterruptedException | RuntimeException | Error e) {
            fail(new IOException("the journal of " + service + " failed: " + e, e));
        }
    }

    /** Writes what waits, and syncs where somebody waits for that. */
    private void commit() throws IOException {
        writer.drain();
        pending.complete();
        if (pending.isSyncDue()) {
            writer.sync();
            pending.complete();
        }
    }

    private void compact() throws IOException {
        try {
            long last = writer.rotate(this::allStreams);
            pending.rotated();
            if (writeSnapshots(last)) {
                writer.endSnapshots();
                pending.complete();
            }
        } finally {
            pending.endCompaction();
        }
    }

    private List<JournalStream> allStreams() {
        synchronized (streams) {
            return List.copyOf(streams.values());
        }
    }

    /** False where it was given up, because the journal is closed: both files together have everything. */
    private boolean writeSnapshots(long last) throws IOException {
        int written = 0;
        for (JournalStream stream : allStreams()) {
            for (byte[] record : stream.snapshot(last)) {
                if (!fits(record)) {
                    // It was never appended: nobody was told that it is kept.
                    LOG.warn(
                            "failover: {}: a record of {} bytes of \"{}\" is left out of the journal: {} are the most",
                            service,
                            record.length,
                            stream.name(),
                            RecordCodec.MAX_PAYLOAD);
                    continue;
                }
                writer.addSnapshot(stream, record);
                written += RecordCodec.size(record.length);
                if (written > TURN) {
                    written = 0;
                    commit();
                    if (pending.isClosing()) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /**
     * Leaves the clean mark, unless it failed before, and closes the files. Not for the journal's own thread: not for what a
     * future brings about.
     */
    @Override
    public void close() {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a journal can't be closed by its own thread");
        }
        if (closed.getAndSet(true)) {
            return;
        }
        pending.close();
        uninterruptibly(thread::join);
        try {
            writer.end(new IOException("the journal of " + service + " is closed"));
        } catch (IOException e) {
            fail(e);
        }
        if (told.get()) {
            writer.markFailed();
        }
        pending.complete();
        writer.closeFiles();
    }
}
