package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    private static final int LOADING_SECONDS = 300;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Lab lab;
    private ServiceLab service;
    private LabGuest second;
    private final Map<String, GuestJob> loads = new TreeMap<>();
    private final List<MoveReport.Move> moves = new ArrayList<>();

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.reset();
        // Where a node is cut off or stopped, the test is what fences it.
        service = ServiceLab.declare(lab, "forced = true", "takeOverLockSeconds = 1");
        service.bring(lab.node1());
        service.awaitServing(lab.node1());
        second = lab.startGuest("client2", 101);
        second.awaitBoot();
        for (LabGuest guest : List.of(lab.client(), second)) {
            guest.put("load.py");
            service.mount(guest, "/mnt/nfs");
        }
    }

    @AfterEach
    void tearDown() {
        second.close();
        lab.resetClient();
        service.close();
        // Their logs have errors in them that are meant to be there.
        lab.discardServer(lab.node1());
        lab.discardServer(lab.node2());
    }

    private void startLoads() {
        LabGuest first = lab.client();
        first.succeed(
                "cd /mnt/nfs && mkdir names && touch locked && python3 /tmp/load.py prepare blocks /dev/null - 0");
        loads.put("lines", load(first, "lines", "lines"));
        loads.put("read", load(first, "read", "blocks"));
        loads.put("names", load(first, "names", "names"));
        loads.put(
                "holder",
                first.start("exec 9>>/mnt/nfs/locked && flock -x 9 && touch /tmp/held &&"
                        + " while [ ! -e /tmp/stop ]; do sleep 0.1; done && flock -u 9 && echo kept"));
        first.succeed("for i in $(seq 200); do [ -e /tmp/held ] && exit 0; sleep 0.1; done; exit 1");
        loads.put("contend", load(second, "contend", "locked"));
        Waiting.pass(BETWEEN);
    }

    private static GuestJob load(LabGuest guest, String kind, String path) {
        return guest.start("python3 /tmp/load.py " + kind + " /mnt/nfs/" + path + " /tmp/" + kind
                + ".journal /tmp/stop " + LOADING_SECONDS);
    }

    private static Duration clock(LabGuest guest) {
        return LoadJournal.seconds(guest.succeed("cut -d ' ' -f 1 /proc/uptime").strip());
    }

    @Test
    void twentyMovesAreHardlyNoticed() throws IOException {
        startLoads();
        LabNode from = lab.node1();
        LabNode to = lab.node2();
        for (int i = 0; i < MOVES; i++) {
            Duration begin = clock(lab.client());
            Duration away = service.move(from, to);
            Waiting.pass(BETWEEN);
            moves.add(new MoveReport.Move(begin, clock(lab.client()), away));
            LabNode next = from;
            from = to;
            to = next;
        }
        MoveReport report = new MoveReport("Mooring: " + MOVES + " moves under load", moves, finish());
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

    private Map<String, LoadJournal> finish() throws IOException {
        return finish(0);
    }

    /**
     * Nothing failed, nothing is lost or doubled, and nobody got the lock.
     *
     * @param killedWithin changes of names that the server may have been in the midst of when it was killed, before it could note
     *     them: they are made again (failover's README, "Replies")
     */
    private Map<String, LoadJournal> finish(int killedWithin) throws IOException {
        Duration last = clock(lab.client());
        Waiting.pass(Duration.ofSeconds(1));
        // Before the holder, or it would get the lock in the end.
        second.succeed("touch /tmp/stop");
        assertThat(loads.get("contend").await(LIMIT).succeeded()).isEmpty();
        lab.client().succeed("touch /tmp/stop");
        assertThat(loads.get("holder").await(LIMIT).succeeded().strip()).isEqualTo("kept");
        Map<String, LoadJournal> journals = new TreeMap<>();
        for (String name : List.of("lines", "read", "names", "contend")) {
            assertThat(loads.get(name).await(LIMIT).succeeded()).isEmpty();
            LabGuest guest = name.equals("contend") ? second : lab.client();
            journals.put(name, LoadJournal.parse(guest.succeed("cat /tmp/" + name + ".journal")));
            List<LoadJournal.Entry> problems = journals.get(name).problems();
            if (name.equals("names") && problems.size() <= killedWithin) {
                assertThat(problems).allMatch(entry -> entry.problem().matches("EEXIST|ENOENT"));
            } else {
                assertThat(problems).as(name).isEmpty();
            }
        }
        assertThat(journals.get("lines").goesOnAfter(last)).isTrue();
        List<String> lines = Files.readAllLines(service.export().resolve("lines"));
        List<String> written = journals.get("lines").entries().stream()
                .map(entry -> entry.what().substring("line".length()))
                .toList();
        assertThat(lines).isEqualTo(written);
        return journals;
    }

    @Test
    void aNodeThatIsCutOffAndFencedIsSucceededAtOnce() throws IOException {
        startLoads();
        Duration begin = clock(lab.client());
        long cut = System.nanoTime();
        lab.cut(lab.node1());
        // As a fencing device does.
        lab.server(lab.node1()).kill();
        service.bring(lab.node2());
        Duration away = Duration.ofNanos(System.nanoTime() - cut);
        Waiting.pass(BETWEEN);
        LoadJournal lines = finish(1).get("lines");
        Duration stall = lines.longest(begin, begin.plus(BETWEEN).plus(away));
        lab.report()
                .line("node lost: away %.3f s, longest line %.3f s", LabReport.seconds(away), LabReport.seconds(stall));
        assertThat(stall).isLessThanOrEqualTo(away.plus(LONGEST));
    }

    @Test
    void aKilledServerIsSucceededAtTheClientsNextAttempt() throws IOException {
        startLoads();
        Duration begin = clock(lab.client());
        long killed = System.nanoTime();
        lab.server(lab.node1()).kill();
        Duration away = service.move(lab.node1(), lab.node2());
        Duration gone = Duration.ofNanos(System.nanoTime() - killed);
        Waiting.pass(BETWEEN.multipliedBy(2));
        LoadJournal lines = finish(1).get("lines");
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
        finish();
        try (Stream<Path> left = Files.list(service.export().resolve("names"))) {
            assertThat(left).as("made by a late CREATE").isEmpty();
        }
        assertThat(stopped.log()).contains("another node has taken the service");
    }
}
