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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What ServiceMoveIT does, done with NFS-Ganesha: for comparison, and minutes long, so that it is run by its name only
 * (docs/failover.md). There are no loads with locks: its NLM would need a statd on each node, and is off.
 */
@ExtendWith(LabExtension.class)
class GaneshaMoves {

    private static final int MOVES = 4;
    private static final Duration BETWEEN = Duration.ofSeconds(5);
    /** After the last move. */
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private static final String ADDRESS = "10.77.0.70";
    private static final int NODE1 = 21;
    private static final int NODE2 = 22;

    private MoveLoads loads;
    private Path exported;

    @Test
    void fourMoves(Lab lab) throws IOException {
        lab.resetClient();
        exported = lab.place("ganesha-export");
        HostCommand.of("chmod", "0777", exported.toString()).succeed();
        GaneshaPackages packages = GaneshaPackages.in(Path.of("target", "lab-cache", "ganesha"));
        List<LabNode> nodes = List.of(lab.node("ganesha1", NODE1), lab.node("ganesha2", NODE2));
        try (GaneshaServer first = GaneshaServer.start(nodes.get(0), packages, lab.directory(), exported);
                GaneshaServer second = GaneshaServer.start(nodes.get(1), packages, lab.directory(), exported)) {
            first.awaitReady();
            second.awaitReady();
            nodes.get(0).addAddress(ADDRESS);
            startLoads(lab.client());
            List<MoveReport.Move> moves = loads.move(MOVES, BETWEEN, nodes, GaneshaMoves::move);
            String title = "NFS-Ganesha " + packages.version() + ": " + MOVES + " moves under load";
            report(lab, new MoveReport(title, moves(lab.client(), moves), journals()));
        } finally {
            lab.resetClient();
        }
    }

    private void startLoads(LabGuest client) {
        client.succeed("mount -t nfs -o vers=3 " + ADDRESS + ":" + exported + " " + MoveLoads.MOUNTED);
        loads = new MoveLoads(client);
        loads.prepare();
        loads.start(client, "lines", "lines");
        loads.start(client, "read", "blocks");
        loads.start(client, "names", "names");
        Waiting.pass(BETWEEN);
    }

    /** By hand, and announced, as a cluster manager does. */
    private static Duration move(LabNode from, LabNode to) {
        long begin = System.nanoTime();
        from.removeAddress(ADDRESS);
        to.addAddress(ADDRESS);
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** The last one is over when the client goes on after it, or when nobody waits any longer. */
    private List<MoveReport.Move> moves(LabGuest client, List<MoveReport.Move> moves) {
        loads.stop(client);
        Waiting.until(LIMIT, loads::haveEnded);
        MoveReport.Move last = moves.get(MOVES - 1);
        List<MoveReport.Move> all = new ArrayList<>(moves.subList(0, MOVES - 1));
        all.add(new MoveReport.Move(last.begin(), loads.clock(), last.away()));
        return all;
    }

    private Map<String, LoadJournal> journals() {
        Map<String, LoadJournal> journals = new TreeMap<>();
        for (String kind : List.of("lines", "read", "names")) {
            journals.put(kind, loads.soFar(kind));
        }
        return journals;
    }

    private void report(Lab lab, MoveReport report) throws IOException {
        report.write(lab.directory(), "ganesha");
        report.table().lines().forEach(line -> lab.report().line("%s", line));
        report.journals()
                .forEach((kind, journal) -> lab.report()
                        .line(
                                "%s: %d operations, not well: %s",
                                kind, journal.entries().size(), journal.problems()));
        List<String> written = report.journals().get("lines").lines();
        List<String> found = Files.readAllLines(exported.resolve("lines"));
        lab.report()
                .line("lines: %d written, %d found, the same: %s", written.size(), found.size(), found.equals(written));
        assertThat(written).as("lines").isNotEmpty();
    }
}
