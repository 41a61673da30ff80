package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code kill -9} of the server at random moments while a Linux kernel client writes and changes names: the client goes on without
 * an error, and nothing that was acknowledged is lost, doubled or undone.
 */
@ExtendWith(LabExtension.class)
class DurabilityIT {

    private static final int ROUNDS = 5;
    private static final int SOME_LINES = 5;
    private static final int LONGEST_LIFE_MILLIS = 1500;
    private static final int BLOCK = 65536;
    private static final Duration WRITING = Duration.ofMinutes(5);
    /** The client's own back-off after refused connections is 3 s, then twice that each time. */
    private static final Duration CLIENT_IS_BACK = Duration.ofSeconds(60);

    private Lab lab;

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.reset();
    }

    @AfterEach
    void serversLoggedNoError() {
        assertThat(lab.server(lab.node1()).errors()).isEmpty();
    }

    @Test
    void nothingAcknowledgedIsLostWhenTheServerIsKilledAgainAndAgain() throws IOException {
        long seed = Long.getLong("mooring.lab.seed", System.nanoTime());
        lab.report().line("kill -9: -Dmooring.lab.seed=%d", seed);
        Random random = new Random(seed);
        lab.client().succeed("mount -t nfs -o vers=3 " + LabNetwork.FLOATING + ":" + lab.export() + " /mnt/nfs");
        lab.client().succeed("mkdir /mnt/nfs/names");
        List<GuestJob> jobs = List.of(
                start("write-lines.py", "lines"),
                start("write-blocks.py", "blocks"),
                start("change-names.py", "names"));
        awaitLines(2 * SOME_LINES);

        for (int round = 1; round <= ROUNDS; round++) {
            Waiting.pass(Duration.ofMillis(random.nextInt(LONGEST_LIFE_MILLIS)));
            lab.server(lab.node1()).kill();
            assertThat(namesJournal().problemsOf(names()))
                    .as("names after kill %d, seed %d", round, seed)
                    .isEmpty();
            lab.startServers();
            awaitLines(lines() + SOME_LINES);
        }
        lab.client().succeed("touch /tmp/stop");
        for (GuestJob job : jobs) {
            assertThat(job.await(CLIENT_IS_BACK).succeeded()).isEmpty();
        }
        assertLines(seed);
        assertBlocks(seed);
        assertNames(seed);
    }

    private void assertLines(long seed) throws IOException {
        LineJournal journal = LineJournal.parse(lab.client().succeed("cat /tmp/lines"));
        lab.report()
                .line(
                        "kill -9, %d times: %d lines, longest gap %.1f s",
                        ROUNDS, journal.entries().size(), LabReport.seconds(journal.longestGap()));
        assertThat(journal.errors()).as("seed %d", seed).isEmpty();
        assertThat(journal.problemsOf(Files.readAllLines(file("lines"))))
                .as("seed %d", seed)
                .isEmpty();
    }

    private void assertBlocks(long seed) throws IOException {
        List<String> journal = lab.client().succeed("cat /tmp/blocks").lines().toList();
        assertThat(journal).as("seed %d", seed).isNotEmpty().allMatch(line -> line.startsWith("synced "));
        int synced = Integer.parseInt(journal.get(journal.size() - 1).substring("synced ".length()));
        lab.report().line("kill -9: %d blocks of 64 KiB", synced);
        assertThat(Files.size(file("blocks"))).isEqualTo((long) synced * BLOCK);
        assertThat(wrongBlocks(synced)).as("seed %d", seed).isEmpty();
    }

    private List<Integer> wrongBlocks(int count) throws IOException {
        List<Integer> wrong = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file("blocks"))) {
            for (int number = 0; number < count; number++) {
                byte[] line = String.format("%015d\n", number).getBytes(StandardCharsets.US_ASCII);
                ByteBuffer expected = ByteBuffer.allocate(BLOCK);
                while (expected.hasRemaining()) {
                    expected.put(line);
                }
                if (!ByteBuffer.wrap(in.readNBytes(BLOCK)).equals(expected.flip())) {
                    wrong.add(number);
                }
            }
        }
        return wrong;
    }

    private void assertNames(long seed) throws IOException {
        NameJournal journal = namesJournal();
        lab.report()
                .line(
                        "kill -9: %d names, %d changes sent twice",
                        journal.names().size(), journal.repeated());
        assertThat(journal.errors()).as("seed %d", seed).isEmpty();
        assertThat(journal.uncertain()).isEmpty();
        assertThat(journal.repeated()).as("one change is under way at a kill").isLessThanOrEqualTo(ROUNDS);
        assertThat(journal.problemsOf(names())).as("seed %d", seed).isEmpty();
        Set<String> seen = lab.client()
                .succeed("echo 3 > /proc/sys/vm/drop_caches; ls -U /mnt/nfs/names")
                .lines()
                .collect(Collectors.toSet());
        assertThat(seen).isEqualTo(names());
    }

    private GuestJob start(String script, String name) {
        lab.client().put(script);
        return lab.client()
                .start("python3 /tmp/" + script + " /mnt/nfs/" + name + " /tmp/" + name + " /tmp/stop "
                        + WRITING.toSeconds());
    }

    private NameJournal namesJournal() {
        return NameJournal.parse(lab.client().succeed("cat /tmp/names"));
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(file("names"))) {
            return files.map(found -> found.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private void awaitLines(long wanted) {
        assertThat(Waiting.until(CLIENT_IS_BACK, () -> lines() >= wanted))
                .as("the client goes on")
                .isTrue();
    }

    private long lines() {
        try {
            return Files.exists(file("lines"))
                    ? Files.readAllLines(file("lines")).size()
                    : 0;
        } catch (IOException e) {
            throw new LabException("the export cannot be read", e);
        }
    }

    private Path file(String name) {
        return lab.export().resolve(name);
    }
}
