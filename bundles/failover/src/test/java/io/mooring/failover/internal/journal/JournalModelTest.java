package io.mooring.failover.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.failover.internal.journal.RecordReader.Item;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/**
 * Random appends to a stream whose state can be told and to one whose records are kept, with crashes at random moments that
 * destroy what was not on stable storage: what was acknowledged is there, in order, and nothing else than was appended.
 */
class JournalModelTest {
    private static final int KEYS = 5;
    private static final int MAX_PAYLOAD = 3000;

    /** A stream, what was appended to it, and how much of that was acknowledged. */
    private static final class Model {
        private final String name;
        private final boolean toldBySnapshots;
        private final Map<Integer, String> state = new TreeMap<>();
        private List<String> appended = new ArrayList<>();
        private int acknowledged;

        Model(String name, boolean toldBySnapshots) {
            this.name = name;
            this.toldBySnapshots = toldBySnapshots;
        }

        /** A record is "key=value"; the value is never the same again. */
        synchronized byte[] change(int key, int value, int padding) {
            String record = key + "=" + value + " ".repeat(padding);
            apply(state, record);
            appended.add(record);
            return JournalRig.bytes(record);
        }

        /** Within the monitor, so that what was appended and the state agree. */
        synchronized void append(Journal journal, int key, int value, int padding) {
            journal.stream(name).append(change(key, value, padding));
        }

        synchronized List<byte[]> snapshot() {
            return state.values().stream().map(JournalRig::bytes).toList();
        }

        void begin(Journal journal) {
            if (toldBySnapshots) {
                journal.stream(name).snapshotBy(this::snapshot);
            }
        }

        /** Checks what is there after a crash, and goes on with it. */
        void check(Journal journal) {
            List<String> found = JournalRig.replay(journal, name);
            int length = toldBySnapshots ? prefixByState(found) : prefix(found);
            assertThat(length).as("of what was acknowledged of " + name).isGreaterThanOrEqualTo(acknowledged);
            appended = new ArrayList<>(appended.subList(0, length));
            acknowledged = length;
            state.clear();
            appended.forEach(record -> apply(state, record));
        }

        private int prefix(List<String> found) {
            assertThat(found).isEqualTo(appended.subList(0, Math.min(found.size(), appended.size())));
            return found.size();
        }

        /** How many records lead to the state that was found. */
        private int prefixByState(List<String> found) {
            Map<Integer, String> wanted = new TreeMap<>();
            found.forEach(record -> apply(wanted, record));
            Map<Integer, String> reached = new TreeMap<>();
            int length = 0;
            int match = wanted.isEmpty() ? 0 : -1;
            for (String record : appended) {
                apply(reached, record);
                length++;
                if (reached.equals(wanted)) {
                    match = length;
                }
            }
            assertThat(match).as("a state that never was: " + found).isNotNegative();
            return match;
        }

        private static void apply(Map<Integer, String> state, String record) {
            state.put(Integer.parseInt(record.substring(0, record.indexOf('='))), record);
        }
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void nothingAcknowledgedIsLost(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int lives) throws Exception {
        Path directory = Files.createTempDirectory("journal");
        try {
            live(directory, new Random(seed), lives);
        } finally {
            try (var files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).forEach(JournalModelTest::delete);
            }
        }
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void live(Path directory, Random random, int lives) throws Exception {
        List<Model> models = List.of(new Model("lockd", true), new Model("kept", false));
        JournalRig rig = new JournalRig(directory);
        rig.open(JournalRig.FRESH);
        int value = 0;
        for (int life = 0; life < lives; life++) {
            models.forEach(model -> model.begin(rig.journal));
            int steps = random.nextInt(200);
            for (int i = 0; i < steps; i++) {
                step(rig.journal, models.get(random.nextInt(20) == 0 ? 1 : 0), random, value++);
            }
            boolean intact = end(rig, models, random);
            rig.open(JournalRig.SYNC);
            assertThat(rig.journal.isComplete() || !intact).isTrue();
            rig.journal.markComplete();
            models.forEach(model -> model.check(rig.journal));
        }
        rig.close();
    }

    private static void step(Journal journal, Model model, Random random, int value) throws Exception {
        model.append(journal, random.nextInt(KEYS), value, random.nextInt(MAX_PAYLOAD));
        if (random.nextInt(4) == 0) {
            JournalRig.await(journal.stream(model.name).durable());
            model.acknowledged = model.appended.size();
        }
    }

    /** False where what was not acknowledged was damaged in a way that looks like a loss. */
    private static boolean end(JournalRig rig, List<Model> models, Random random) throws IOException {
        if (random.nextInt(4) == 0) {
            rig.close();
            models.forEach(model -> model.acknowledged = model.appended.size());
            return true;
        }
        rig.crash();
        int newest = rig.newest();
        byte[] content = rig.content(newest);
        int durable = durable(content, rig.generation(newest), models);
        int from = durable + random.nextInt(8000);
        if (random.nextBoolean() || from >= content.length) {
            return true;
        }
        // Sectors that came to the disk stay, others don't, and some have what was there before.
        boolean all = random.nextBoolean();
        for (int at = from; at < content.length; at++) {
            if (all || (at / 512) % 3 != 0) {
                content[at] = (byte) (random.nextInt(8) == 0 ? random.nextInt() : 0);
            }
        }
        Files.write(rig.file(newest), content);
        return all;
    }

    /** Where the last record ends that was acknowledged, or a snapshot. */
    private static int durable(byte[] content, long generation, List<Model> models) throws IOException {
        RecordReader reader = new RecordReader(new JournalRig.Image(content), generation);
        List<String> acknowledged = models.stream()
                .flatMap(model -> model.appended.subList(0, model.acknowledged).stream())
                .toList();
        int durable = FileHeader.BYTES;
        int at = FileHeader.BYTES;
        for (Optional<Item> item = reader.next(); item.isPresent(); item = reader.next()) {
            at += RecordCodec.size(item.get().payload().length);
            boolean mark = item.get().kind() != Kind.EVENT;
            if (mark || acknowledged.contains(JournalRig.text(item.get().payload()))) {
                durable = at;
            }
        }
        return durable;
    }
}
