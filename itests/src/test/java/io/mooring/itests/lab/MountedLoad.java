package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a guest does with a service that it mounted: it writes lines, syncs each, and holds a lock. Owned by the thread of the
 * tests.
 */
final class MountedLoad {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int SECONDS = 300;
    private static final int SOME = 5;

    private final LabGuest guest;
    private final ServiceLab service;
    private final String name;
    private final GuestJob lines;
    private final GuestJob holder;

    private MountedLoad(LabGuest guest, ServiceLab service, String name) {
        this.guest = guest;
        this.service = service;
        this.name = name;
        guest.put("load.py");
        lines = guest.start(load("lines", "lines"));
        holder = guest.start("exec 9>>" + file("locked") + " && flock -x 9 && touch " + own("held")
                + " && while [ ! -e " + own("stop") + " ]; do sleep 0.1; done && flock -u 9 && echo kept");
    }

    /** Mounts the service from one of its addresses at /mnt/{@code name}, and begins. */
    static MountedLoad start(LabGuest guest, ServiceLab service, String address, String name) {
        service.mount(guest, "/mnt/" + name, address);
        MountedLoad load = new MountedLoad(guest, service, name);
        guest.succeed("for i in $(seq 200); do [ -e " + load.own("held") + " ] && exit 0; sleep 0.1; done; exit 1");
        load.awaitMore();
        return load;
    }

    private String load(String kind, String what) {
        return String.join(
                " ", "python3 /tmp/load.py", kind, file(what), own(kind), own("stop"), Integer.toString(SECONDS));
    }

    /** In the service; no other load has it. */
    private String file(String what) {
        return "/mnt/" + name + "/" + what + "-" + name;
    }

    /** In the guest. */
    private String own(String what) {
        return "/tmp/" + name + "." + what;
    }

    /** Another guest, or this by another address, tries to get the lock until {@link #endContender}. */
    GuestJob contend(LabGuest other, String directory) {
        other.put("load.py");
        return other.start("python3 /tmp/load.py contend " + directory + "/locked-" + name + " " + own("contend") + " "
                + own("contended") + " " + SECONDS);
    }

    /** It never got it. */
    void endContender(LabGuest other, GuestJob contender) {
        other.succeed("touch " + own("contended"));
        assertThat(contender.await(LIMIT).succeeded()).isEmpty();
        LoadJournal journal = LoadJournal.parse(other.succeed("cat " + own("contend")));
        assertThat(journal.entries()).isNotEmpty();
        assertThat(journal.problems()).as("the lock of " + name).isEmpty();
    }

    /** The guest's clock. */
    Duration now() {
        return LoadJournal.seconds(guest.succeed("cut -d ' ' -f 1 /proc/uptime").strip());
    }

    /** Waits until some more lines have come. */
    void awaitMore() {
        long wanted = written() + SOME;
        assertThat(Waiting.until(LIMIT, () -> written() >= wanted))
                .as("%s goes on", name)
                .isTrue();
    }

    /** How many lines the server has, as this machine sees it. */
    long written() {
        try {
            Path file = service.export().resolve("lines-" + name);
            return Files.exists(file) ? Files.readAllLines(file).size() : 0;
        } catch (IOException e) {
            throw new LabException("the export cannot be read", e);
        }
    }

    /** The longest operation since then. */
    Duration longest(Duration since) {
        return LoadJournal.parse(guest.succeed("cat " + own("lines"))).longest(since, since.plus(LIMIT));
    }

    /** Nothing failed, nothing is lost or doubled, the lock was kept. */
    void finish() throws IOException {
        guest.succeed("touch " + own("stop"));
        assertThat(lines.await(LIMIT).succeeded()).isEmpty();
        assertThat(holder.await(LIMIT).succeeded().strip()).isEqualTo("kept");
        LoadJournal journal = LoadJournal.parse(guest.succeed("cat " + own("lines")));
        assertThat(journal.problems()).isEmpty();
        Path written = service.export().resolve("lines-" + name);
        List<String> acknowledged = journal.entries().stream()
                .map(entry -> entry.what().substring("line".length()))
                .toList();
        assertThat(Files.readAllLines(written)).isEqualTo(acknowledged);
    }
}
