package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
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
        WritingClient client = WritingClient.start(lab.client(), "/mnt/nfs");
        client.awaitLines(2 * SOME_LINES, CLIENT_IS_BACK);

        for (int round = 1; round <= ROUNDS; round++) {
            Waiting.pass(Duration.ofMillis(random.nextInt(LONGEST_LIFE_MILLIS)));
            lab.server(lab.node1()).kill();
            Acknowledged now = client.acknowledged();
            assertThat(now.lostIn(lab.export(), now))
                    .as("after kill %d, seed %d", round, seed)
                    .isEmpty();
            lab.startServers();
            client.awaitLines(SOME_LINES, CLIENT_IS_BACK);
        }
        Acknowledged all = client.finish();
        NameJournal names = all.nameJournal();
        lab.report()
                .line(
                        "kill -9, %d times: %d lines, longest gap %.1f s, %d blocks of 64 KiB, %d names, %d changes sent twice",
                        ROUNDS,
                        all.lines().entries().size(),
                        LabReport.seconds(all.lines().longestGap()),
                        all.blocks(),
                        names.names().size(),
                        names.repeated());
        assertThat(all.errors()).as("seed %d", seed).isEmpty();
        assertThat(all.problemsOf(lab.export())).as("seed %d", seed).isEmpty();
        assertThat(names.uncertain()).isEmpty();
        assertThat(names.repeated()).as("one change is under way at a kill").isLessThanOrEqualTo(ROUNDS);
        Set<String> seen = lab.client()
                .succeed("echo 3 > /proc/sys/vm/drop_caches; ls -U /mnt/nfs/names")
                .lines()
                .collect(Collectors.toSet());
        assertThat(seen).isEqualTo(names.names());
    }
}
