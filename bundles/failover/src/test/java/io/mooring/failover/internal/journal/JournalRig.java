package io.mooring.failover.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A journal in a directory, and what its files have. */
final class JournalRig implements AutoCloseable {
    static final UUID BOOT = new UUID(1, 2);
    static final JournalOptions SYNC = new JournalOptions("data", 0, true, true, false, BOOT);
    static final JournalOptions FRESH = new JournalOptions("data", 0, true, true, true, BOOT);

    private static final int WAIT_SECONDS = 60;

    final Path path;
    Journal journal;

    JournalRig(Path path) {
        this.path = path;
    }

    Journal open(JournalOptions options) throws IOException, ForeignJournalException {
        try (Directory directory = Directory.open(path)) {
            journal = JournalFiles.open(directory, options);
            return journal;
        }
    }

    /** As kill -9 does: what is written is written, and no clean mark. */
    void crash() {
        journal.fail(new IOException("crashed"));
        journal.close();
    }

    List<String> replay(String stream) {
        return replay(journal, stream);
    }

    static List<String> replay(Journal journal, String stream) {
        List<String> texts = new ArrayList<>();
        journal.stream(stream).replay(record -> texts.add(text(record)));
        return texts;
    }

    static void await(CompletableFuture<Void> future) throws Exception {
        future.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] record) {
        return new String(record, StandardCharsets.UTF_8);
    }

    Path file(int number) {
        return path.resolve(JournalFiles.NAMES.get(number));
    }

    byte[] content(int number) throws IOException {
        return Files.readAllBytes(file(number));
    }

    long generation(int number) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(content(number), 0, FileHeader.BYTES).slice();
        return FileHeader.state(bytes) == FileHeader.State.VALID
                ? FileHeader.decode(bytes).generation()
                : 0;
    }

    int newest() throws IOException {
        return generation(0) > generation(1) ? 0 : 1;
    }

    static Recovery recover(byte[] first, byte[] second) throws IOException, ForeignJournalException {
        return Recovery.read(
                List.of(Optional.of(new Image(first)), Optional.of(new Image(second))),
                JournalFiles.NAMES,
                FileHeader.hash("data"),
                BOOT);
    }

    @Override
    public void close() {
        if (journal != null) {
            journal.close();
        }
    }

    /** A file in memory. */
    record Image(byte[] content) implements Source {
        @Override
        public long size() {
            return content.length;
        }

        @Override
        public void read(ByteBuffer into, long position) {
            int length = (int) Math.max(0, Math.min(into.remaining(), content.length - position));
            into.put(content, (int) Math.min(position, content.length), length);
        }
    }
}
