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

/** A service moves between the nodes under load, with the mount options that Linux has by itself. */
@ExtendWith(LabExtension.class)
class ServiceMoveIT {

    private static final int MOVES = 20;

    private static final Duration BETWEEN = Duration.ofSeconds(5);
    /** Beyond the time that the address was away. */
    private static final Duration LONGEST = Duration.ofMillis(300);

    private static final Duration MEDIAN = Duration.ofMillis(100);

    /** What a client waits after a refused SYN before it tries again. */
    private static final Duration REFUSED = Duration.ofSeconds(3);

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
        clients = MoveClients.mount(lab, service);
        loads = clients.loads();
    }

    @AfterEach
    void tearDown() {
        clients.close();
        service.close();
        // Their logs have errors in them that are meant to be there.
        lab.discardServer(lab.node1());
        lab.discardServer(lab.node2());
    }

    private void startLoads() {
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
        LoadJournal lines = clients.finish(1).get("lines");
        Duration stall = lines.longest(begin, begin.plus(BETWEEN).plus(away));
        lab.report()
                .line("node lost: away %.3f s, longest line %.3f s", LabReport.seconds(away), LabReport.seconds(stall));
        assertThat(stall).isLessThanOrEqualTo(away.plus(LONGEST));
    }

    @Test
    void aKilledServerIsSucceededAtTheClientsNextAttempt() throws IOException {
        startLoads();
        Duration begin = loads.clock();
        long killed = System.nanoTime();
        lab.server(lab.node1()).kill();
        Duration away = service.move(lab.node1(), lab.node2());
        Duration gone = Duration.ofNanos(System.nanoTime() - killed);
        Waiting.pass(BETWEEN.multipliedBy(2));
        LoadJournal lines = clients.finish(1).get("lines");
        Duration stall = lines.longest(begin, begin.plus(BETWEEN.multipliedBy(2)));
        lab.report()
                .line(
                        "server killed: moved after %.3f s (away %.3f s), longest line %.3f s",
                        LabReport.seconds(gone), LabReport.seconds(away), LabReport.seconds(stall));
        assertThat(stall).isLessThanOrEqualTo(REFUSED.plus(gone).plus(LONGEST));
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
