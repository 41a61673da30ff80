package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * What clients do while what they use moves to and fro: load.py on the files of a mounted directory. Owned by the thread of the tests.
 */
final class MoveLoads {

    static final String MOUNTED = "/mnt/nfs";

    private static final int LOADING_SECONDS = 300;

    private final LabGuest first;
    private final Map<String, Load> loads = new TreeMap<>();

    private record Load(LabGuest guest, GuestJob job) {}

    /** @param first the client whose clock tells when a move begins */
    MoveLoads(LabGuest first) {
        this.first = first;
    }

    /** Makes what the loads are about. */
    void prepare() {
        first.put("load.py");
        first.succeed("cd " + MOUNTED
                + " && mkdir names && touch locked && python3 /tmp/load.py prepare blocks /dev/null - 0");
    }

    /** @param path below what is mounted, or absolute */
    void start(LabGuest guest, String kind, String path) {
        GuestJob job = guest.start("python3 /tmp/load.py " + kind + " "
                + Path.of(MOUNTED).resolve(path) + " " + journalOf(kind) + " /tmp/stop " + LOADING_SECONDS);
        loads.put(kind, new Load(guest, job));
    }

    /** By the first client's clock since its boot. */
    Duration clock() {
        return clock(first);
    }

    private static Duration clock(LabGuest guest) {
        return LoadJournal.seconds(guest.succeed("cut -d ' ' -f 1 /proc/uptime").strip());
    }

    /**
     * Moves from one node to the other and back, again and again.
     *
     * @param move does it, from one node to the other, and gives how long the address was on neither
     */
    List<MoveReport.Move> move(
            int times, Duration between, List<LabNode> nodes, BiFunction<LabNode, LabNode, Duration> move) {
        List<MoveReport.Move> moves = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            Duration begin = clock();
            Duration away = move.apply(nodes.get(i % 2), nodes.get((i + 1) % 2));
            Waiting.pass(between);
            moves.add(new MoveReport.Move(begin, clock(), away));
        }
        return moves;
    }

    /** Tells the loads of a client to end after what they are at. */
    void stop(LabGuest guest) {
        guest.succeed("touch /tmp/stop");
    }

    boolean haveEnded() {
        return loads.values().stream().allMatch(load -> load.job().isDone());
    }

    /** What a load did, which must end within the limit. */
    LoadJournal ended(String kind, Duration limit) {
        assertThat(loads.get(kind).job().await(limit).succeeded()).isEmpty();
        return journal(kind);
    }

    /** What a load did; what it is at now is not over if it hangs. */
    LoadJournal soFar(String kind) {
        return loads.get(kind).job().isDone() ? journal(kind) : journal(kind).hangingAt(clock());
    }

    /** By the first client's clock, within the time that a guest takes to answer: each guest's begins when it boots. */
    private LoadJournal journal(String kind) {
        LabGuest guest = loads.get(kind).guest();
        LoadJournal journal = LoadJournal.parse(guest.succeed("cat " + journalOf(kind)));
        return guest == first ? journal : journal.later(clock(first).minus(clock(guest)));
    }

    private static String journalOf(String kind) {
        return "/tmp/" + kind + ".journal";
    }
}
