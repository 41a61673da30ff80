package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A service moves between the nodes under load, with the mount options that Linux has by itself. */
@ExtendWith(LabExtension.class)
class ServiceMoveIT {

    private static final int MOVES = 20;

    private static final Duration BETWEEN = Duration.ofSeconds(5);
    /** Beyond the time that the address was away. */
    private static final Duration LONGEST = Duration.ofMillis(300);

    private static final Duration MEDIAN = Duration.ofMillis(100);

    /** Loads of which each operation waits for the answer. */
    private static final List<String> WORK = List.of("lines", "names", "read");

    private static final String CONNECTS = "connects";
    private static final String FIRST_CLIENT = "10.77.0.100";
    private static final int CONNECTIONS = 4;
    private static final Duration AWAY = Duration.ofMillis(1600);
    private static final Duration A_WHILE = Duration.ofSeconds(2);
    private static final Duration TOGETHER = Duration.ofSeconds(1);

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Lab lab;
    private ServiceLab service;
    private MoveClients clients;
    private MoveLoads loads;

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.reset();
        // Where a node is cut off or stopped, the test is what fences it.
        service = ServiceLab.declare(lab, "forced = true", "takeOverLockSeconds = 1");
        service.bring(lab.node1());
        service.awaitServing(lab.node1());
    }

    @AfterEach
    void tearDown() {
        if (clients != null) {
            clients.close();
        }
        service.close();
        // Their logs have errors in them that are meant to be there.
        lab.discardServer(lab.node1());
        lab.discardServer(lab.node2());
    }

    private void startLoads(String... mountOptions) {
        clients = MoveClients.mount(lab, service, mountOptions);
        loads = clients.loads();
        clients.start();
        Waiting.pass(BETWEEN);
    }

    @Test
    void twentyMovesAreHardlyNoticed() throws IOException {
        startLoads();
        List<MoveReport.Move> moves = loads.move(MOVES, BETWEEN, List.of(lab.node1(), lab.node2()), service::move);
        MoveReport report = new MoveReport("Mooring: " + MOVES + " moves under load", moves, clients.finish(0));
        report.write(lab.directory(), "moves");
        report.table().lines().forEach(line -> lab.report().line("%s", line));
        List<Duration> stalls = moves.stream().map(report::stall).sorted().toList();
        lab.report()
                .line(
                        "%d moves: longest operation beyond the time away: median %.3f s, longest %.3f s",
                        MOVES, LabReport.seconds(stalls.get(MOVES / 2)), LabReport.seconds(stalls.get(MOVES - 1)));
        assertThat(stalls.get(MOVES - 1)).isLessThanOrEqualTo(LONGEST);
        assertThat(stalls.get(MOVES / 2)).isLessThanOrEqualTo(MEDIAN);
    }

    @Test
    void aNodeThatIsCutOffAndFencedIsSucceededAtOnce() throws IOException {
        startLoads();
        Duration begin = loads.clock();
        long cut = System.nanoTime();
        lab.cut(lab.node1());
        // As a fencing device does.
        lab.server(lab.node1()).kill();
        service.bring(lab.node2());
        Duration away = Duration.ofNanos(System.nanoTime() - cut);
        Waiting.pass(BETWEEN);
        Map<String, LoadJournal> journals = clients.finish(1);
        for (String load : WORK) {
            Duration stall =
                    journals.get(load).longest(begin, begin.plus(BETWEEN).plus(away));
            lab.report()
                    .line(
                            "node lost: away %.3f s, longest operation of %s %.3f s",
                            LabReport.seconds(away), load, LabReport.seconds(stall));
            assertThat(stall).as(load).isLessThanOrEqualTo(away.plus(LONGEST));
        }
    }

    @Test
    void aKilledServerIsSucceededAtTheClientsNextAttempt() throws IOException {
        killAndMoveAfter(1);
    }

    @Test
    void aKilledServerIsSucceededAtTheNextAttemptButOne() throws IOException {
        killAndMoveAfter(2);
    }

    /** A client tries to connect at once, and again and again, in seconds, as long as it is refused. */
    private void killAndMoveAfter(int refused) throws IOException {
        startLoads();
        loads.start(lab.client(), CONNECTS, "/proc/net/snmp");
        Waiting.pass(A_WHILE);
        Duration begin = loads.clock();
        lab.server(lab.node1()).kill();
        assertThat(Waiting.until(LIMIT, () -> attempts(begin).size() >= refused))
                .isTrue();
        service.move(lab.node1(), lab.node2());
        Duration moved = loads.clock();
        assertThat(Waiting.until(LIMIT, () -> loads.soFar("lines").goesOnAfter(moved)))
                .isTrue();
        List<Duration> attempts = attempts(begin);
        Duration last = attempts.get(attempts.size() - 1);
        Map<String, LoadJournal> journals = clients.finish(1);
        assertThat(attempts.stream().filter(attempt -> attempt.compareTo(moved) > 0))
                .as("attempts after %s", moved)
                .hasSizeLessThanOrEqualTo(1);
        for (String load : WORK) {
            Duration end =
                    journals.get(load).longestEntry(begin, last).orElseThrow().end();
            lab.report()
                    .line(
                            "server killed: %s goes on after %.3f s, at attempt %d, %.3f s after it was seen",
                            load,
                            LabReport.seconds(end.minus(begin)),
                            attempts.size(),
                            LabReport.seconds(end.minus(last)));
            assertThat(end).as(load).isLessThanOrEqualTo(last.plus(LONGEST));
        }
    }

    /** When the first client was seen to try to connect, since then; those of its connections that try together are one. */
    private List<Duration> attempts(Duration since) {
        List<Duration> attempts = new ArrayList<>();
        for (LoadJournal.Entry entry : loads.soFar(CONNECTS).entries()) {
            Duration last = attempts.isEmpty()
                    ? since
                    : attempts.get(attempts.size() - 1).plus(TOGETHER);
            if (!entry.hangs() && entry.end().compareTo(last) > 0) {
                attempts.add(entry.end());
            }
        }
        return attempts;
    }

    /**
     * Each of them must hear of the move: one that is left to its retransmission timer has tried 1.4 s after the address had gone,
     * and does not try again before 3 s.
     */
    @Test
    void aClientWithSeveralConnectionsHardlyNotices() throws IOException {
        startLoads("nconnect=" + CONNECTIONS);
        assertThat(connectionsOfFirst()).isEqualTo(CONNECTIONS);
        List<LabNode> nodes = List.of(lab.node1(), lab.node2());
        // The first ones of each server, which twentyMovesAreHardlyNoticed is about.
        loads.move(2, A_WHILE, nodes, service::move);
        List<MoveReport.Move> moves = new ArrayList<>(loads.move(2, A_WHILE, nodes, service::move));
        moves.addAll(loads.move(2, A_WHILE, nodes, this::moveSlowly));
        assertThat(connectionsOfFirst()).isEqualTo(CONNECTIONS);
        MoveReport report = new MoveReport("Moves under nconnect", moves, clients.finish(0));
        report.table().lines().forEach(line -> lab.report().line("nconnect=%d: %s", CONNECTIONS, line));
        assertThat(moves.stream().map(report::stall)).allMatch(stall -> stall.compareTo(LONGEST) <= 0);
    }

    private Duration moveSlowly(LabNode from, LabNode to) {
        long begin = System.nanoTime();
        service.removeAddress(from);
        Waiting.pass(AWAY);
        service.bring(to);
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Of those for NFS, on node 1. */
    private long connectionsOfFirst() {
        return lab.node1().sockets().stream()
                .filter(socket -> socket.state().equals("ESTAB"))
                .filter(socket -> socket.localPort() == LabServer.NFS_PORT)
                .filter(socket -> socket.peer().equals(FIRST_CLIENT))
                .count();
    }

    /** As a machine that was paused: both have the address when it wakes up, and what clients had sent to it. */
    @Test
    void aNodeThatWakesUpAfterItWasSucceededServesNothing() throws IOException {
        startLoads();
        LabServer stopped = lab.server(lab.node1());
        stopped.pause();
        service.bring(lab.node2());
        service.awaitServing(lab.node2());
        Waiting.pass(BETWEEN);
        stopped.resume();
        Waiting.pass(BETWEEN);
        assertThat(Waiting.until(LIMIT, () -> !service.status(lab.node1()).contains("SERVING")))
                .as(service.status(lab.node1()))
                .isTrue();
        service.removeAddress(lab.node1());
        clients.finish(0);
        try (Stream<Path> left = Files.list(service.export().resolve("names"))) {
            assertThat(left).as("made by a late CREATE").isEmpty();
        }
        assertThat(stopped.log()).contains("another node has taken the service");
    }
}
