package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The power of the server's machine fails while a Linux kernel client writes and changes names. The machine is a User Mode Linux
 * guest with an ext4 on a block device: when its kernel is killed, what that has not yet written to the device is gone, as with
 * a real machine whose disk keeps what it was given. (A disk that loses its own cache is the file system's matter: fsync flushes it.)
 *
 * <p>At random moments the kernel is also stopped for an instant and the device copied: exactly what a power failure at that
 * moment would have left. Each such disk is recovered by its journal and must hold all that was acknowledged by then.
 */
@ExtendWith(LabExtension.class)
class PowerLossIT {

    private static final int NUMBER = 20;
    private static final int MOMENTS = 6;
    private static final int LONGEST_LIFE_MILLIS = 1200;
    private static final int SOME_LINES = 5;
    private static final String UNSYNCED = "/mnt/host/mnt/export/unsynced";
    private static final Duration CLIENT_IS_BACK = Duration.ofMinutes(2);

    private final long seed = Long.getLong("mooring.lab.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private Lab lab;
    private DiskImage disk;
    private ServerGuest server;

    @BeforeEach
    void setUp(Lab newLab) throws IOException {
        lab = newLab;
        lab.resetClient();
        disk = DiskImage.make(lab, lab.place("power-loss").resolve("disk"), "300M");
        server = boot();
    }

    @AfterEach
    void tearDown() {
        if (server != null) {
            server.close();
        }
        lab.resetClient();
        HostCommand.of("rm", "-rf", disk.file().getParent().toString()).succeed();
    }

    private ServerGuest boot() {
        return ServerGuest.start(
                lab,
                new ServerGuest.Plan(
                        "server",
                        NUMBER,
                        List.of(disk.file()),
                        "mount -t ext4 /dev/ubda /mnt/host/mnt; mkdir -p /mnt/host/mnt/export; chmod 777 /mnt/host/mnt/export",
                        "/mnt/export 10.77.0.0/24(rw)"));
    }

    @Test
    void whatWasAcknowledgedIsOnTheDiskAtAnyMoment() throws IOException {
        lab.report().line("power loss: -Dmooring.lab.seed=%d", seed);
        lab.client().succeed(server.mount("/mnt/export"));
        WritingClient client = WritingClient.start(lab.client(), "/mnt/nfs");
        client.awaitLines(2 * SOME_LINES, CLIENT_IS_BACK);
        for (int moment = 1; moment <= MOMENTS; moment++) {
            Waiting.pass(Duration.ofMillis(random.nextInt(LONGEST_LIFE_MILLIS)));
            assertThat(lostAtAMoment(client))
                    .as("moment %d, seed %d", moment, seed)
                    .isEmpty();
        }

        Acknowledged before = client.acknowledged();
        // Just before: after half a minute the kernel writes it back on its own.
        server.guest().succeed("echo lost > " + UNSYNCED);
        server.close();
        Acknowledged after = client.acknowledged();
        Path left = recovered();
        assertThat(left.resolve("unsynced"))
                .as("nobody synced it: was it a power loss?")
                .satisfiesAnyOf(
                        file -> assertThat(file).doesNotExist(),
                        file -> assertThat(file).isEmptyFile());
        assertThat(before.lostIn(left, after)).as("seed %d", seed).isEmpty();

        long begin = System.nanoTime();
        server = boot();
        client.awaitLines(SOME_LINES, CLIENT_IS_BACK);
        lab.report().line("power loss: the client goes on after %.1f s", (System.nanoTime() - begin) / 1e9);
        Acknowledged all = client.finish();
        assertThat(all.errors()).as("seed %d", seed).isEmpty();
        assertThat(server.errors()).isEmpty();
        lab.client().succeed("umount /mnt/nfs");
        server.close();
        assertThat(all.problemsOf(recovered())).as("seed %d", seed).isEmpty();
        lab.report()
                .line(
                        "power loss, %d moments: %d lines, %d blocks of 64 KiB, %d names, %d changes sent twice",
                        MOMENTS + 2,
                        all.lines().entries().size(),
                        all.blocks(),
                        all.nameJournal().names().size(),
                        all.nameJournal().repeated());
    }

    private List<String> lostAtAMoment(WritingClient client) throws IOException {
        Acknowledged before = client.acknowledged();
        server.guest().pause();
        DiskImage copy;
        try {
            copy = disk.copy("copy");
        } finally {
            server.guest().resume();
        }
        Acknowledged after = client.acknowledged();
        copy.recover();
        return before.lostIn(copy.extract("/export"), after);
    }

    /** What is on the disk of a machine that is off. */
    private Path recovered() throws IOException {
        DiskImage copy = disk.copy("copy");
        copy.recover();
        return copy.extract("/export");
    }
}
