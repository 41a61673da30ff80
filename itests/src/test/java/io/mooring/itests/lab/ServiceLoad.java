package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/** A guest that writes lines to a service, and makes, renames and removes names in it. Owned by the thread of the tests. */
final class ServiceLoad {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int SECONDS = 300;

    private final LabGuest guest;
    private final ServiceLab service;
    private final GuestJob lines;
    private final GuestJob names;

    private ServiceLoad(LabGuest guest, ServiceLab service, GuestJob lines, GuestJob names) {
        this.guest = guest;
        this.service = service;
        this.lines = lines;
        this.names = names;
    }

    /** Mounts it, with the options that Linux has by itself. */
    static ServiceLoad start(LabGuest guest, ServiceLab service) {
        guest.put("load.py");
        service.mount(guest, "/mnt/nfs");
        guest.succeed("mkdir /mnt/nfs/names");
        return new ServiceLoad(guest, service, start(guest, "lines"), start(guest, "names"));
    }

    private static GuestJob start(LabGuest guest, String kind) {
        return guest.start(
                "python3 /tmp/load.py %1$s /mnt/nfs/%1$s /tmp/%1$s.journal /tmp/stop %2$d".formatted(kind, SECONDS));
    }

    /** By the guest's clock. */
    Duration now() {
        return LoadJournal.seconds(guest.succeed("cut -d ' ' -f 1 /proc/uptime").strip());
    }

    /** Waits until a line was written that began after this. */
    void awaitLineAfter(Duration time) {
        assertThat(Waiting.until(LIMIT, () -> journal("lines").goesOnAfter(time)))
                .as("lines are written")
                .isTrue();
    }

    /**
     * Ends it: nothing failed, nothing is lost or doubled.
     *
     * @param executedTwice changes of names that a server made and did not answer, as it was killed: the next one makes them again
     */
    LoadJournal finish(int executedTwice) throws IOException {
        awaitLineAfter(now());
        guest.succeed("touch /tmp/stop");
        for (GuestJob job : List.of(lines, names)) {
            assertThat(job.await(LIMIT).succeeded()).isEmpty();
        }
        List<LoadJournal.Entry> problems = journal("names").problems();
        assertThat(problems).hasSizeLessThanOrEqualTo(executedTwice);
        assertThat(problems).allMatch(entry -> entry.problem().matches("EEXIST|ENOENT"));
        LoadJournal written = journal("lines");
        assertThat(written.problems()).isEmpty();
        assertThat(Files.readAllLines(service.export().resolve("lines")))
                .isEqualTo(written.entries().stream()
                        .map(entry -> entry.what().substring("line".length()))
                        .toList());
        return written;
    }

    LoadJournal journal(String kind) {
        String text = guest.succeed("cat /tmp/" + kind + ".journal 2> /dev/null || true");
        // It may not have begun, and the last line may be being written.
        return LoadJournal.parse(text.substring(0, text.lastIndexOf('\n') + 1));
    }
}
