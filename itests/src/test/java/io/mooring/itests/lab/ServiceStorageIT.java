package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The storage of a service: an ext4 file system that only one node mounts at a time, one that is slow, one that is not right. */
@ExtendWith(LabExtension.class)
class ServiceStorageIT {

    /** From the issue. */
    private static final Duration UNMOUNTED = Duration.ofSeconds(1);

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration A_WHILE = Duration.ofSeconds(4);

    private Lab lab;
    private ServiceLab service;
    private String device;

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.reset();
        Path image = lab.place("disk").resolve("image");
        DiskImage.make(lab, image, "64M");
        device = HostCommand.of("losetup", "--find", "--show", image.toString())
                .succeed()
                .strip();
    }

    @AfterEach
    void tearDown() {
        lab.resetClient();
        if (service != null) {
            service.close();
            inNode(lab.node1(), "fsfreeze", "-u", service.storage().toString());
        }
        // What is mounted there goes with them; their logs have errors in them that are meant to be there.
        lab.discardServer(lab.node1());
        lab.discardServer(lab.node2());
        HostCommand.of("losetup", "-d", device).run();
        HostCommand.of("rm", "-f", lab.place("disk").resolve("image").toString())
                .succeed();
    }

    /** Runs it where the node's server sees its mounts. */
    private CommandResult inNode(LabNode node, String... words) {
        String pid = Long.toString(lab.server(node).pid());
        return HostCommand.of(List.of("nsenter", "-m", "-t", pid, "--"), words).run();
    }

    private void mountStorage(LabNode node) {
        inNode(node, "mount", device, service.storage().toString()).succeeded();
    }

    /** State and export are inside: nothing is there until it is mounted. */
    @Test
    void aFileSystemMovesWithTheAddressAndIsUnmountedAtOnce() throws IOException {
        service = ServiceLab.declare(lab);
        HostCommand.of("rm", "-rf", service.export().toString(), service.state().toString())
                .succeed();
        mountStorage(lab.node1());
        inNode(lab.node1(), "mkdir", "-m", "777", service.export().toString()).succeeded();
        inNode(lab.node1(), "mkdir", service.state().toString()).succeeded();
        service.bring(lab.node1());
        service.awaitServing(lab.node1());
        service.mount(lab.client(), "/mnt/nfs");
        lab.client().put("load.py");
        GuestJob lines =
                lab.client().start("python3 /tmp/load.py lines /mnt/nfs/lines /tmp/lines.journal /tmp/stop 120");
        GuestJob holder = lab.client()
                .start("exec 9>>/mnt/nfs/locked && flock -x 9 && touch /tmp/held &&"
                        + " while [ ! -e /tmp/stop ]; do sleep 0.1; done && flock -u 9 && echo kept");
        lab.client().succeed("for i in $(seq 200); do [ -e /tmp/held ] && exit 0; sleep 0.1; done; exit 1");
        LabNode from = lab.node1();
        LabNode to = lab.node2();
        for (int i = 0; i < 2; i++) {
            long removed = System.nanoTime();
            service.removeAddress(from);
            LabNode left = from;
            boolean unmounted = Waiting.until(
                    UNMOUNTED,
                    () -> inNode(left, "umount", service.storage().toString()).status() == 0);
            double seconds = (System.nanoTime() - removed) / 1e9;
            lab.report().line("storage unmounted %.3f s after the address went", seconds);
            assertThat(unmounted)
                    .as("unmounted on %s: %s", from.name(), service.status(from))
                    .isTrue();
            // The address is faster than the file system: the client waits, and is told nothing else.
            service.bring(to);
            LabNode next = to;
            assertThat(Waiting.until(LIMIT, () -> service.status(next).contains("WAITING")))
                    .as(service.status(to))
                    .isTrue();
            Waiting.pass(A_WHILE);
            mountStorage(to);
            service.awaitServing(to);
            to = from;
            from = next;
        }
        lab.client().succeed("touch /tmp/stop");
        assertThat(holder.await(LIMIT).succeeded().strip()).isEqualTo("kept");
        assertThat(lines.await(LIMIT).succeeded()).isEmpty();
        LoadJournal journal = LoadJournal.parse(lab.client().succeed("cat /tmp/lines.journal"));
        assertThat(journal.problems()).isEmpty();
        assertThat(lab.client().succeed("cat /mnt/nfs/lines").lines())
                .isEqualTo(journal.entries().stream()
                        .map(entry -> entry.what().substring("line".length()))
                        .toList());
    }

    /** A call that hangs in the file system ends before another node has the service; its client gets that one answer. */
    @Test
    void aCallThatHangsHoldsUpTheHandOver() {
        service = ServiceLab.declareWith(lab, "image");
        inNode(lab.node1(), "mkdir", "-p", service.storage().toString());
        mountStorage(lab.node1());
        mountStorage(lab.node2());
        inNode(lab.node1(), "chmod", "777", service.storage().toString()).succeeded();
        service.bring(lab.node1());
        service.awaitServing(lab.node1());
        service.mount(lab.client(), "/mnt/nfs");
        lab.client().succeed("ls -l /mnt/nfs");
        inNode(lab.node1(), "fsfreeze", "-f", service.storage().toString()).succeeded();
        GuestJob made = lab.client().start("mkdir /mnt/nfs/made");
        assertThat(Waiting.until(
                        LIMIT,
                        () -> service.status(lab.node1()).matches("(?s).*\"calls under way\",\\s*\"value\": *[1-9].*")))
                .as(service.status(lab.node1()))
                .isTrue();

        service.move(lab.node1(), lab.node2());

        assertThat(Waiting.until(A_WHILE, () -> service.status(lab.node2()).contains("SERVING")))
                .as("while a call hangs on the first: " + service.status(lab.node2()))
                .isFalse();
        assertThat(made.isDone()).isFalse();
        inNode(lab.node1(), "fsfreeze", "-u", service.storage().toString()).succeeded();
        service.awaitServing(lab.node2());
        assertThat(made.await(LIMIT).succeeded()).isEmpty();
        lab.client().succeed("test -d /mnt/nfs/made");
    }

    @Test
    void aStateDirectoryThatIsNotRightIsNamedAndOthersGoOn() throws IOException {
        lab.client()
                .succeed("mount -t nfs -o vers=3 " + LabNetwork.FLOATING + ":" + lab.export()
                        + " /mnt/own; echo x > /mnt/own/a");
        service = ServiceLab.declare(lab);
        Path file = service.state().resolve("service");
        service.bring(lab.node1());
        service.awaitServing(lab.node1());
        service.removeAddress(lab.node1());
        assertThat(Waiting.until(LIMIT, () -> service.status(lab.node1()).contains("ABSENT")))
                .as(service.status(lab.node1()))
                .isTrue();
        String right = Files.readString(file);
        for (String wrong : List.of(
                right.replace(ServiceLab.NAME, "other"), right.replaceAll("format *= *1", "format=99"), "nonsense")) {
            Files.writeString(file, wrong);
            service.bring(lab.node1());
            assertThat(Waiting.until(LIMIT, () -> service.status(lab.node1()).contains("FAILED")))
                    .as(wrong + service.status(lab.node1()))
                    .isTrue();
            assertThat(lab.server(lab.node1()).errors())
                    .as(wrong)
                    .anyMatch(line -> line.contains(ServiceLab.NAME)
                            && line.contains(service.state().toString()));
            lab.client().succeed("echo y >> /mnt/own/a");
            service.removeAddress(lab.node1());
        }
        Files.writeString(file, right);
        service.bring(lab.node1());
        service.awaitServing(lab.node1());
        lab.client().succeed("umount /mnt/own");
    }
}
