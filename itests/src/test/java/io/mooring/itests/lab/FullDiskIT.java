package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The server's disk is full, a user's quota is used up: a Linux kernel client is told which, and what was acknowledged
 * stays. The server is a User Mode Linux guest, whose kernel has quotas; all devices end with it.
 */
@ExtendWith(LabExtension.class)
class FullDiskIT {

    private static final int NUMBER = 21;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static final String MOUNTS = """
            modprobe quota_v2
            mount -t tmpfs tmpfs /mnt/host/mnt
            cd /mnt/host/mnt
            mkdir space quota
            mkfs.ext4 -q -m 0 -N 128 /dev/ubda
            mkfs.ext4 -q -m 0 -O quota -E quotatype=usrquota /dev/ubdb
            mount -t ext4 /dev/ubda space
            mount -t ext4 -o usrquota /dev/ubdb quota
            setquota -u 65534 0 3072 0 20 quota
            chmod 1777 space quota
            """;

    private Lab lab;
    private Path directory;
    private ServerGuest server;

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.resetClient();
        directory = lab.place("full-disks");
        List<Path> disks = List.of(directory.resolve("space"), directory.resolve("quota"));
        disks.forEach(
                disk -> HostCommand.of("truncate", "-s", "24M", disk.toString()).succeed());
        String exports = "/mnt/space *(rw)\n/mnt/quota *(rw)";
        server = ServerGuest.start(lab, new ServerGuest.Plan("full", NUMBER, disks, MOUNTS, exports));
    }

    @AfterEach
    void tearDown() {
        lab.resetClient();
        if (server != null) {
            server.close();
        }
        HostCommand.of("rm", "-rf", directory.toString()).succeed();
    }

    @Test
    void aFullDiskAndAUsedUpQuotaAreNamed() {
        lab.client().put("exhaust.py");
        assertThat(exhaust("space", "bytes")).matches("made 2\\d then ENOSPC\nroom again\n");
        assertThat(exhaust("space", "names"))
                .matches("made \\d+ then ENOSPC\nmkdir ENOSPC symlink ENOSPC\nroom again\n");
        // Root is squashed to the user with the quota.
        assertThat(exhaust("quota", "bytes")).matches("made [23] then EDQUOT\nroom again\n");
        assertThat(exhaust("quota", "names"))
                .matches("made 1\\d then EDQUOT\nmkdir EDQUOT symlink EDQUOT\nroom again\n");
        assertThat(server.errors()).isEmpty();
    }

    private String exhaust(String export, String what) {
        lab.client().succeed(server.mount("/mnt/" + export) + "; mkdir /mnt/nfs/here");
        String said = lab.client()
                .run("python3 /tmp/exhaust.py /mnt/nfs/here " + what, LIMIT)
                .output();
        lab.client().succeed("rm -r /mnt/nfs/here; umount /mnt/nfs");
        lab.report().line("%s used up: %s", export, said.strip().replace('\n', ' '));
        return said;
    }
}
