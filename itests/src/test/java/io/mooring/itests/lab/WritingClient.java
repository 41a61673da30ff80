package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

/**
 * A guest that writes lines, blocks and names to a mounted directory, each in a program of its own, and keeps journals of what
 * was acknowledged outside of it. Owned by the thread of the tests.
 */
final class WritingClient {

    private static final String LINES = "lines";
    private static final String BLOCKS = "blocks";
    private static final String NAMES = "names";
    private static final String SEPARATOR = "----- next journal -----\n";
    private static final Duration WRITING = Duration.ofMinutes(5);
    private static final Duration FINISH = Duration.ofSeconds(90);

    private final LabGuest guest;
    private final List<GuestJob> jobs;

    private WritingClient(LabGuest guest, List<GuestJob> jobs) {
        this.guest = guest;
        this.jobs = jobs;
    }

    /** Starts to write, to what is mounted at {@code directory}. */
    static WritingClient start(LabGuest guest, String directory) {
        guest.succeed("mkdir " + directory + "/" + NAMES);
        List<GuestJob> jobs = List.of(
                start(guest, "write-lines.py", directory, LINES),
                start(guest, "write-blocks.py", directory, BLOCKS),
                start(guest, "change-names.py", directory, NAMES));
        return new WritingClient(guest, jobs);
    }

    private static GuestJob start(LabGuest guest, String script, String directory, String name) {
        guest.put(script);
        return guest.start("python3 /tmp/" + script + " " + directory + "/" + name + " /tmp/" + name + " /tmp/stop "
                + WRITING.toSeconds());
    }

    /** What was acknowledged until now. */
    Acknowledged acknowledged() {
        String[] journals = guest.succeed("cd /tmp; cat lines; echo '%1$s'; cat blocks; echo '%1$s'; cat names"
                        .formatted(SEPARATOR.strip()))
                .split(SEPARATOR, -1);
        return Acknowledged.parse(journals[0], journals[1], journals[2]);
    }

    /** Waits until so many more lines are acknowledged. */
    void awaitLines(int more, Duration limit) {
        long wanted = lines() + more;
        assertThat(Waiting.until(limit, () -> lines() >= wanted))
                .as("the client goes on")
                .isTrue();
    }

    private long lines() {
        return Long.parseLong(guest.succeed("grep -c ^line /tmp/lines || true").strip());
    }

    /** Ends the programs; none may have failed. */
    Acknowledged finish() {
        guest.succeed("touch /tmp/stop");
        for (GuestJob job : jobs) {
            assertThat(job.await(FINISH).succeeded()).isEmpty();
        }
        return acknowledged();
    }
}
