package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The server's disk refuses writes for a while: a Linux kernel client is told EIO, or writes again what nobody could tell it of, and
 * all that was acknowledged is on the disk after the power failed. The server is a User Mode Linux guest, whose kernel has
 * device-mapper; the device ends with it.
 */
@ExtendWith(LabExtension.class)
class BrokenDiskIT {

    private static final int NUMBER = 22;
    private static final Duration LIMIT = Duration.ofMinutes(1);
    /** More than fits into one WRITE, so that the client writes unstably and commits. */
    private static final int MANY = 1 << 19;

    private static final int FEW = 1 << 10;

    /** No journal: with one, the first block of it that is refused would make the file system read-only. */
    private static final String MOUNTS = """
            modprobe -a dm-mod dm-flakey
            mount -t tmpfs tmpfs /mnt/host/mnt
            cd /mnt/host/mnt
            mkdir disk
            mkfs.ext4 -q -O ^has_journal /dev/ubda
            dmsetup create disk --table "0 $(blockdev --getsz /dev/ubda) linear /dev/ubda 0"
            mount -t ext4 /dev/dm-0 disk
            mkdir disk/export
            chmod 1777 disk/export
            head -c 4096 /dev/zero > disk/probe
            sync -f disk
            """;

    /** As all files here it is overwritten in place: no metadata but time stamps have to come to the disk. */
    private static final String PROBE =
            "dd if=/dev/zero of=/mnt/host/mnt/disk/probe bs=4k count=1 conv=notrunc,fsync 2>&1";

    private Lab lab;
    private DiskImage disk;
    private ServerGuest server;

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.resetClient();
        disk = new DiskImage(lab, lab.place("broken-disk").resolve("disk"));
        HostCommand.of("truncate", "-s", "24M", disk.file().toString()).succeed();
        server = ServerGuest.start(
                lab, new ServerGuest.Plan("broken", NUMBER, List.of(disk.file()), MOUNTS, "/mnt/disk/export *(rw)"));
        lab.client().put("overwrite.py");
    }

    @AfterEach
    void tearDown() {
        lab.resetClient();
        if (server != null) {
            server.close();
        }
        HostCommand.of("rm", "-rf", disk.file().getParent().toString()).succeed();
    }

    @Test
    void whatTheDiskRefusesIsTheWritersError() throws IOException {
        mount();
        assertThat(overwrite("kept", "old", MANY, "commit")).isEqualTo("done");
        assertThat(overwrite("committed", "old", MANY, "commit")).isEqualTo("done");
        assertThat(overwrite("stable", "old", FEW, "stable")).isEqualTo("done");

        refuseWrites();
        assertThat(overwrite("committed", "new", MANY, "commit")).isEqualTo("fsync EIO");
        assertThat(refused("COMMIT")).isPositive();
        assertThat(refused("WRITE")).isZero();
        assertThat(overwrite("stable", "new", FEW, "stable")).isEqualTo("write EIO");
        assertThat(refused("WRITE")).isPositive();

        acceptWrites();
        assertThat(overwrite("committed", "new", MANY, "commit")).isEqualTo("done");
        assertThat(overwrite("stable", "new", FEW, "stable")).isEqualTo("done");

        // The last, and the power fails meanwhile: without a journal the metadata that were changed may be anything
        // then.
        refuseWrites();
        assertThat(lab.client().run("mkdir /mnt/nfs/directory", LIMIT).output()).contains("Input/output error");
        Path left = afterPowerLoss();
        assertContent(left.resolve("kept"), "old", MANY);
        assertContent(left.resolve("committed"), "new", MANY);
        assertContent(left.resolve("stable"), "new", FEW);
    }

    /**
     * The server itself meets the error when it lets go of the idle file; the client can know of it by the write verifier only
     * (RFC 1813 §3.3.21).
     */
    @Test
    void whatOnlyTheServerMetIsWrittenAgain() throws IOException {
        // It sends at once what is written, and commits later; by default it would commit at once, too.
        mount(",write=eager");
        assertThat(overwrite("untold", "old", MANY, "commit")).isEqualTo("done");

        refuseWrites();
        GuestJob untold = start("untold", "new", MANY, "later");
        assertThat(Waiting.until(LIMIT, () -> !server.errors().isEmpty())).isTrue();
        acceptWrites();
        int sent = calls("WRITE");
        lab.client().succeed("touch /tmp/go");
        assertThat(untold.await(LIMIT).succeeded().strip()).isEqualTo("done");
        assertThat(calls("WRITE")).isGreaterThan(sent);
        assertThat(refused("WRITE") + refused("COMMIT")).isZero();
        assertContent(afterPowerLoss().resolve("untold"), "new", MANY);
    }

    private void mount(String... options) {
        lab.client().succeed(server.mount("/mnt/disk/export", options) + "; rm -f /tmp/go");
    }

    private String overwrite(String name, String word, int lines, String how) {
        return start(name, word, lines, how).await(LIMIT).succeeded().strip();
    }

    private GuestJob start(String name, String word, int lines, String how) {
        return lab.client().start("python3 /tmp/overwrite.py /mnt/nfs/%s %s %d %s".formatted(name, word, lines, how));
    }

    private int calls(String procedure) {
        return statistic(procedure, "$2");
    }

    /** How many calls were answered by an error. */
    private int refused(String procedure) {
        return statistic(procedure, "$NF");
    }

    private int statistic(String procedure, String column) {
        String count = "awk '$1 == \"%s:\" { print %s }' /proc/self/mountstats".formatted(procedure, column);
        return Integer.parseInt(lab.client().succeed(count).strip());
    }

    private void refuseWrites() {
        table("flakey /dev/ubda 0 0 1 1 error_writes");
        assertThat(server.guest().run(PROBE, LIMIT))
                .as("the disk refuses writes")
                .satisfies(probe -> assertThat(probe.status()).isNotZero())
                .satisfies(probe -> assertThat(probe.output()).contains("fsync failed", "Input/output error"));
    }

    private void acceptWrites() {
        table("linear /dev/ubda 0");
        server.guest().succeed(PROBE);
    }

    private void table(String target) {
        server.guest().succeed("""
                set -e
                dmsetup suspend --noflush --nolockfs disk
                dmsetup load disk --table "0 $(blockdev --getsz /dev/ubda) %s"
                dmsetup resume disk
                dmsetup table disk | grep '%s'""".formatted(target, target.substring(0, target.indexOf(' '))));
    }

    /** What is on the disk, read without the server and before any repair. */
    private Path afterPowerLoss() throws IOException {
        assertThat(server.errors())
                .isNotEmpty()
                .allMatch(line -> line.contains("/mnt/disk/export: sync of "))
                .allMatch(line -> line.contains(" failed with errno 5: data may be lost"));
        server.close();
        return disk.extract("/export");
    }

    private static void assertContent(Path file, String word, int lines) throws IOException {
        assertThat(file).hasSize((word.length() + 1L) * lines);
        try (Stream<String> all = Files.lines(file)) {
            assertThat(all.distinct()).as(file.toString()).containsExactly(word);
        }
    }
}
