package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The lab itself: guests, their commands, the network. Needs no server. */
@ExtendWith(LabExtension.class)
class LabGuestIT {

    /** Not that of the service: a server may be there already, with connections. */
    private static final String ADDRESS = "10.77.0.60";

    private Lab lab;

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
    }

    @AfterEach
    void removeAddress() {
        if (lab.node2().hasAddress(ADDRESS)) {
            lab.node2().removeAddress(ADDRESS);
        }
    }

    @Test
    void runsCommandsAndTellsOutputAndStatus() {
        assertThat(lab.client().succeed("echo out; echo err >&2")).isEqualTo("out\nerr\n");
        assertThat(lab.client().run("echo bad; exit 3", Duration.ofSeconds(10)))
                .extracting(CommandResult::status, CommandResult::output)
                .containsExactly(3, "bad\n");
    }

    @Test
    void runsCommandsInTheBackground() {
        GuestJob job = lab.client().start("while [ ! -e /tmp/go ]; do sleep 0.1; done; echo went");
        assertThat(job.isDone()).isFalse();
        lab.client().succeed("touch /tmp/go");
        assertThat(job.await(Duration.ofSeconds(10)).output()).isEqualTo("went\n");
        assertThatThrownBy(() -> lab.client().run("sleep 5", Duration.ofMillis(300)))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("no end within");
    }

    @Test
    void whatDoesNotEndIsToldWithWhatItIsAt() {
        lab.startServers();
        String told = LabDiagnosis.of(lab);
        assertThat(told)
                .contains("client: ", "node1: threads in our code:", "node2: threads in our code:", "vec0")
                .doesNotContain("does not answer", "no threads");
    }

    @Test
    void jobsAreEndedWithAllThatTheyStarted() {
        GuestJob job = lab.client().start("sleep 321 & sleep 321");
        assertThat(Waiting.until(Duration.ofSeconds(10), () -> sleepers() == 2)).isTrue();
        lab.client().killJobs();
        assertThat(sleepers()).isZero();
        assertThat(job.isDone()).isFalse();
    }

    @Test
    void linesAreWrittenAndAccountedFor() {
        String journal = lab.client()
                .succeed(
                        "rm -f /tmp/lines; python3 /mnt/box/write-lines.py /tmp/lines /tmp/journal /tmp/none 1; cat /tmp/journal");
        LineJournal lines = LineJournal.parse(journal);
        assertThat(lines.errors()).isEmpty();
        assertThat(lines.longestGap()).isPositive();
        assertThat(lines.problemsOf(
                        lab.client().succeed("cat /tmp/lines").lines().toList()))
                .isEmpty();
        assertThat(
                        lab.client()
                                .succeed(
                                        "python3 /mnt/box/write-lines.py /dev/full /tmp/journal /tmp/none 0.1; cat /tmp/journal"))
                .contains("error 0")
                .contains("No space left on device");
        lab.client().succeed("rm /tmp/lines /tmp/journal");
    }

    private int sleepers() {
        return Integer.parseInt(lab.client()
                .succeed("ps -eo args | grep -c '^sleep 321' || true")
                .strip());
    }

    @Test
    void theGuestIsALinuxWithNfs() {
        assertThat(lab.client().succeed("uname -s; modprobe nfs && modprobe nfsv3 && grep nfs /proc/filesystems"))
                .startsWith("Linux")
                .contains("nodev\tnfs\n");
    }

    @Test
    void theGuestReachesBothNodesAndAnAddedAddress() {
        lab.node2().addAddress(ADDRESS);
        for (String address : new String[] {"10.77.0.11", "10.77.0.12", ADDRESS, "fd77::11"}) {
            // Nothing listens: a refusal tells that packets go there and back.
            assertThat(lab.client()
                            .run("nc -w 3 -v -z " + address + " 9", Duration.ofSeconds(10))
                            .output())
                    .as(address)
                    .contains("refused");
        }
    }

    @Test
    void removingAnAddressIsWatched() {
        lab.node2().addAddress(ADDRESS);
        assertThat(lab.node2().hasAddress(ADDRESS)).isTrue();
        AddressRemoval removal = lab.node2().removeAddressAndWatch(ADDRESS);
        assertThat(removal.allGone()).isTrue();
        assertThat(lab.node2().hasAddress(ADDRESS)).isFalse();
    }

    @Test
    void aKilledGuestLeavesNoProcess() {
        LabGuest guest = lab.startGuest("short", 120);
        guest.awaitBoot();
        assertThat(guest.succeed("hostname")).isEqualTo("short\n");
        guest.kill();
        boolean gone = Waiting.until(Duration.ofSeconds(5), () -> processesWith("labname=short") == 0);
        assertThat(gone).as("processes of the guest have ended").isTrue();
        assertThat(lab.client().succeed("echo alive")).isEqualTo("alive\n");
    }

    private static long processesWith(String argument) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(argument))
                .count();
    }
}
