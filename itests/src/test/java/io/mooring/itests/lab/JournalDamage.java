package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a bad disk does to the journal of a service that nobody serves; its format is in failover's README. Stateless. */
final class JournalDamage {

    private static final int GENERATION = 16;
    private static final int RECORDS = 4096;
    private static final int MAGIC = 0x4d524543;
    private static final int RECORD_HEADER = 20;
    private static final int ALIGNMENT = 4;

    private JournalDamage() {}

    /** Flips a bit of a record in the middle of the newest file: as many come behind it as before. */
    static void inTheMiddle(Path stateDirectory) throws IOException {
        try (RandomAccessFile one = open(stateDirectory, "journal.0");
                RandomAccessFile other = open(stateDirectory, "journal.1")) {
            RandomAccessFile newest = generation(one) > generation(other) ? one : other;
            List<Long> ends = ends(newest);
            assertThat(ends).as("records of the journal").hasSizeGreaterThan(2);
            flip(newest, ends.get(ends.size() / 2) - 1);
        }
    }

    private static RandomAccessFile open(Path directory, String name) throws IOException {
        return new RandomAccessFile(directory.resolve(name).toFile(), "rw");
    }

    private static long generation(RandomAccessFile file) throws IOException {
        file.seek(GENERATION);
        return file.readLong();
    }

    /** Where each record ends. */
    private static List<Long> ends(RandomAccessFile file) throws IOException {
        List<Long> ends = new ArrayList<>();
        long at = RECORDS;
        file.seek(at);
        while (file.readInt() == MAGIC) {
            long payload = file.readInt();
            at += RECORD_HEADER + (payload + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            ends.add(at);
            file.seek(at);
        }
        return ends;
    }

    private static void flip(RandomAccessFile file, long at) throws IOException {
        file.seek(at);
        int before = file.read();
        file.seek(at);
        file.write(before ^ 1);
    }
}
