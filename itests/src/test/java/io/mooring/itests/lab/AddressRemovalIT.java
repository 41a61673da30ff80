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

/** What Mooring is for: the floating address goes, and comes back, while a Linux kernel client works. */
@ExtendWith(LabExtension.class)
class AddressRemovalIT {

    /** From the issue: by then no server socket with the removed address may be left, in any state but TIME-WAIT. */
    private static final Duration ALL_CLOSED = Duration.ofMillis(100);

    private static final Duration ROUND_TRIP = Duration.ofSeconds(5);
    private static final Duration WRITING = Duration.ofMinutes(1);
    private static final int SOME_LINES = 5;

    private Lab lab;

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.reset();
    }

    @AfterEach
    void serversLoggedNoError() {
        assertThat(lab.server(lab.node1()).errors()).isEmpty();
        assertThat(lab.server(lab.node2()).errors()).isEmpty();
    }

    @Test
    void closesTheTransportsOfARemovedAddressAtOnce() {
        mount(LabNetwork.FLOATING, "/mnt/nfs");
        mount(lab.node1().address(), "/mnt/own");
        lab.client().succeed("echo before > /mnt/nfs/a; echo before > /mnt/own/b");
        // Connections that never send a byte count as well.
        lab.client()
                .start("for i in 1 2 3; do sleep 30 | nc " + LabNetwork.FLOATING + " 2049 & done; " + "sleep 30 | nc "
                        + LabNetwork.FLOATING + " 111");
        assertThat(Waiting.until(
                        Duration.ofSeconds(10),
                        () -> transports(LabNetwork.FLOATING).size() >= 5))
                .as("connections to the floating address")
                .isTrue();
        List<LabSocket> before = transports(LabNetwork.FLOATING);
        List<LabSocket> others = transports(lab.node1().address());
        assertThat(others).isNotEmpty();
        long nfsTransports = before.stream()
                .filter(socket -> socket.localPort() == LabServer.NFS_PORT)
                .count();
        LabServer server = lab.server(lab.node1());
        long removalsBefore = server.counter("addressRemovals");
        long closedBefore = server.counter("transportsClosed");
        long linesBefore = linesOfRemovals(server);

        AddressRemoval removal = lab.node1().removeAddressAndWatch(LabNetwork.FLOATING);

        lab.report()
                .line(
                        "address removed: of %d sockets %d are left after %.1f ms (%d looks)",
                        before.size(),
                        removal.left(),
                        removal.after().toNanos() / 1e6,
                        removal.looks().size());
        assertThat(removal.allGone()).as("%s", removal).isTrue();
        assertThat(removal.after()).as("%s", removal).isLessThanOrEqualTo(ALL_CLOSED);
        assertThat(transports(lab.node1().address()))
                .as("connections over the node's own address live on")
                .containsAll(others);
        lab.client().succeed("echo after > /mnt/own/b; grep after /mnt/own/b");
        assertThat(transports(lab.node1().address())).containsAll(others);

        // The command says it, and so does one line in the log.
        assertThat(server.counter("addressRemovals")).isEqualTo(removalsBefore + 1);
        assertThat(server.counter("transportsClosed")).isGreaterThanOrEqualTo(closedBefore + nfsTransports);
        assertThat(linesOfRemovals(server)).isEqualTo(linesBefore + 1);

        lab.node1().addAddress(LabNetwork.FLOATING);
        lab.client().succeed("echo after > /mnt/nfs/a; grep after /mnt/nfs/a");
    }

    private static long linesOfRemovals(LabServer server) {
        return server.log()
                .lines()
                .filter(line -> line.contains("nfsd: " + LabNetwork.FLOATING + " is gone: closed"))
                .count();
    }

    @Test
    void aWritingClientFollowsTheAddressToTheOtherNodeAndBack() throws IOException {
        follow("at once", Duration.ZERO);
    }

    @Test
    void aWritingClientFollowsAnAddressThatIsAwayForASecond() throws IOException {
        follow("after a second", Duration.ofSeconds(1));
    }

    private void follow(String name, Duration outage) throws IOException {
        mount(LabNetwork.FLOATING, "/mnt/nfs");
        GuestJob writer = lab.client()
                .start("python3 /mnt/box/write-lines.py /mnt/nfs/lines /tmp/journal /tmp/stop " + WRITING.toSeconds());
        awaitLines(3 * SOME_LINES);

        long begin = System.nanoTime();
        Duration away1 = move(lab.node1(), lab.node2(), outage);
        awaitLines(lines() + SOME_LINES);
        Duration away2 = move(lab.node2(), lab.node1(), outage);
        Duration roundTrip = Duration.ofNanos(System.nanoTime() - begin);
        awaitLines(lines() + 3 * SOME_LINES);

        lab.client().succeed("touch /tmp/stop");
        assertThat(writer.await(WRITING).succeeded()).isEmpty();
        LineJournal journal = LineJournal.parse(lab.client().succeed("cat /tmp/journal; rm /tmp/journal /tmp/stop"));
        Duration away = away1.compareTo(away2) > 0 ? away1 : away2;
        lab.report()
                .line(
                        "address moved and back %s: away %.3f s and %.3f s, both moves in %.3f s, %d lines, longest gap %.3f s",
                        name,
                        LabReport.seconds(away1),
                        LabReport.seconds(away2),
                        LabReport.seconds(roundTrip),
                        journal.entries().size(),
                        LabReport.seconds(journal.longestGap()));
        assertThat(journal.errors()).isEmpty();
        assertThat(journal.problemsOf(Files.readAllLines(file()))).isEmpty();
        assertThat(journal.longestGap())
                .isLessThanOrEqualTo(away.multipliedBy(2).plusSeconds(1));
        assertThat(roundTrip).as("the address was back").isLessThanOrEqualTo(ROUND_TRIP);
    }

    /** Moves the address; gives how long it was on neither node, at the most. */
    private Duration move(LabNode from, LabNode to, Duration outage) {
        long begin = System.nanoTime();
        from.removeAddress(LabNetwork.FLOATING);
        if (!outage.isZero()) {
            Waiting.pass(outage);
        }
        to.addAddress(LabNetwork.FLOATING);
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Waits for a number of lines, but not for ever: what came of it the assertions at the end will say. */
    private void awaitLines(long wanted) {
        Waiting.until(Duration.ofSeconds(15), () -> lines() >= wanted);
    }

    private long lines() {
        try {
            return Files.exists(file()) ? Files.readAllLines(file()).size() : 0;
        } catch (IOException e) {
            throw new LabException("the export cannot be read", e);
        }
    }

    private Path file() {
        return lab.export().resolve("lines");
    }

    private List<LabSocket> transports(String address) {
        return lab.node1().sockets().stream()
                .filter(socket -> socket.local().equals(address) && socket.established())
                .toList();
    }

    private void mount(String address, String directory) {
        lab.client().succeed("mount -t nfs -o vers=3,proto=tcp " + address + ":" + lab.export() + " " + directory);
    }
}
