package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Two clients of a service that moves. The first writes, reads, changes names and holds a lock, which the second tries to get.
 * Owned by the thread of the tests.
 */
final class MoveClients implements AutoCloseable {

    private static final int SECOND = 101;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Lab lab;
    private final ServiceLab service;
    private final LabGuest second;
    private final MoveLoads loads;
    private GuestJob holder;

    private MoveClients(Lab lab, ServiceLab service, LabGuest second) {
        this.lab = lab;
        this.service = service;
        this.second = second;
        this.loads = new MoveLoads(lab.client());
    }

    /** @param options of the mount, beside those that every client of the lab has */
    static MoveClients mount(Lab lab, ServiceLab service, String... options) {
        LabGuest second = lab.startGuest("client2", SECOND);
        second.awaitBoot();
        for (LabGuest guest : List.of(lab.client(), second)) {
            service.mount(guest, MoveLoads.MOUNTED, service.address(), options);
        }
        return new MoveClients(lab, service, second);
    }

    MoveLoads loads() {
        return loads;
    }

    /** Starts the loads; the lock is held when this returns. */
    void start() {
        LabGuest first = lab.client();
        second.put("load.py");
        loads.prepare();
        loads.start(first, "lines", "lines");
        loads.start(first, "read", "blocks");
        loads.start(first, "names", "names");
        holder = first.start("exec 9>>/mnt/nfs/locked && flock -x 9 && touch /tmp/held &&"
                + " while [ ! -e /tmp/stop ]; do sleep 0.1; done && flock -u 9 && echo kept");
        first.succeed("for i in $(seq 200); do [ -e /tmp/held ] && exit 0; sleep 0.1; done; exit 1");
        loads.start(second, "contend", "locked");
    }

    /**
     * Ends the loads: nothing failed, nothing is lost or doubled, and nobody got the lock.
     *
     * @param killedWithin changes of names that the server may have been in the midst of when it was killed, before it could note
     *     them: they are made again (failover's README, "Replies")
     * @return what each load did, by its name
     */
    Map<String, LoadJournal> finish(int killedWithin) throws IOException {
        Duration last = loads.clock();
        Waiting.pass(Duration.ofSeconds(1));
        // Before the holder, or it would get the lock in the end.
        loads.stop(second);
        Map<String, LoadJournal> journals = new TreeMap<>(Map.of("contend", loads.ended("contend", LIMIT)));
        loads.stop(lab.client());
        assertThat(holder.await(LIMIT).succeeded().strip()).isEqualTo("kept");
        for (String name : List.of("lines", "read", "names")) {
            journals.put(name, loads.ended(name, LIMIT));
        }
        journals.forEach((name, journal) -> assertNoProblems(name, journal.problems(), killedWithin));
        assertThat(journals.get("lines").goesOnAfter(last)).isTrue();
        List<String> lines = Files.readAllLines(service.export().resolve("lines"));
        assertThat(lines).isEqualTo(journals.get("lines").lines());
        return journals;
    }

    private static void assertNoProblems(String name, List<LoadJournal.Entry> problems, int killedWithin) {
        if (name.equals("names") && problems.size() <= killedWithin) {
            assertThat(problems).allMatch(entry -> entry.problem().matches("EEXIST|ENOENT"));
        } else {
            assertThat(problems).as(name).isEmpty();
        }
    }

    @Override
    public void close() {
        second.close();
        lab.resetClient();
    }
}
