package io.mooring.failover.internal.machine;

import io.mooring.vfs.service.ServiceJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A state directory in memory, whose records outlive the holding of it. What it has of connections is compacted as
 * late as it may be. Used by one thread.
 */
class FakeState implements HeldState {
    final Map<String, FakeStream> streams;
    final List<String> events;
    boolean complete = true;
    boolean mine = true;
    /** Why it cannot say whose it is; null: it can. */
    IOException silence;

    boolean writable = true;
    boolean settled;
    /** Why nothing comes to stable storage; null: it does. */
    IOException unstable;

    int asked;
    Consumer<IOException> listener;

    FakeState(Map<String, FakeStream> streams, List<String> events) {
        this.streams = streams;
        this.events = events;
    }

    @Override
    public boolean complete() {
        return complete;
    }

    @Override
    public long epoch() {
        return 7;
    }

    @Override
    public long journalBytes() {
        return 1 << 20;
    }

    @Override
    public boolean isStillMine() throws IOException {
        asked++;
        if (silence != null) {
            throw silence;
        }
        return mine;
    }

    @Override
    public Path directory() {
        return Path.of("/state");
    }

    @Override
    public ServiceJournal journal(String participant) {
        return stream("p-" + participant);
    }

    @Override
    public Stream stream(String name) {
        return streams.computeIfAbsent(name, FakeStream::new).of(this);
    }

    @Override
    public void onFailure(Consumer<IOException> told) {
        listener = told;
    }

    @Override
    public void flush() throws IOException {
        if (unstable != null) {
            throw unstable;
        }
        events.add("flush");
    }

    @Override
    public void settle() {
        compact();
        settled = true;
        events.add("settle");
    }

    @Override
    public void markComplete() {
        events.add("complete");
    }

    @Override
    public void close() {
        compact();
        events.add("close");
    }

    /** As a journal does at any time. Not the replies: no fake server remembers them. */
    private void compact() {
        if (!settled && streams.containsKey("connections")) {
            streams.get("connections").compact();
        }
    }

    /** A stream. */
    static final class FakeStream implements Stream {
        final String name;
        final List<byte[]> records = new ArrayList<>();
        Supplier<List<byte[]>> snapshot;
        private FakeState state;

        FakeStream(String name) {
            this.name = name;
        }

        FakeStream of(FakeState holder) {
            if (state != holder) {
                state = holder;
                snapshot = null;
            }
            return this;
        }

        @Override
        public boolean write(byte[] record) {
            return state.writable && records.add(record);
        }

        @Override
        public void replay(Consumer<byte[]> reader) {
            if (snapshot == null) {
                List.copyOf(records).forEach(reader);
            }
        }

        @Override
        public void append(byte[] record) {
            records.add(record);
        }

        @Override
        public CompletableFuture<Void> durable() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void snapshotBy(Supplier<List<byte[]>> supplier) {
            snapshot = supplier;
        }

        void compact() {
            List<byte[]> left = List.copyOf(compacted());
            records.clear();
            records.addAll(left);
        }

        /** What a compaction leaves. */
        List<byte[]> compacted() {
            return snapshot == null ? records : snapshot.get();
        }
    }

    static Map<String, FakeStream> noStreams() {
        return new HashMap<>();
    }
}
