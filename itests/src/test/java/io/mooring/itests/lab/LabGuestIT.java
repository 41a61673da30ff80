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

    private Lab lab;

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
    }

    @AfterEach
    void removeFloatingAddress() {
        if (lab.node2().hasAddress(LabNetwork.FLOATING)) {
            lab.node2().removeAddress(LabNetwork.FLOATING);
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
    void theGuestIsALinuxWithNfs() {
        assertThat(lab.client().succeed("uname -s; modprobe nfs && modprobe nfsv3 && grep nfs /proc/filesystems"))
                .startsWith("Linux")
                .contains("nodev\tnfs\n");
    }

    @Test
    void theGuestReachesBothNodesAndTheFloatingAddress() {
        lab.node2().addAddress(LabNetwork.FLOATING);
        for (String address : new String[] {"10.77.0.11", "10.77.0.12", LabNetwork.FLOATING, "fd77::11"}) {
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
        lab.node2().addAddress(LabNetwork.FLOATING);
        assertThat(lab.node2().hasAddress(LabNetwork.FLOATING)).isTrue();
        AddressRemoval removal = lab.node2().removeAddressAndWatch(LabNetwork.FLOATING);
        assertThat(removal.allGone()).isTrue();
        assertThat(lab.node2().hasAddress(LabNetwork.FLOATING)).isFalse();
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
