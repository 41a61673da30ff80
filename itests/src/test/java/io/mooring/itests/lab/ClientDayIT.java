package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All that programs do with files, through a Linux kernel's NFS client. */
@ExtendWith(LabExtension.class)
class ClientDayIT {

    private static final Duration LONG = Duration.ofMinutes(4);
    private static final int FILES = 10_000;
    private static final int PROCESSES = 8;
    private static final int BIG_DIRECTORY = 100_000;
    private static final Duration RELOADED = Duration.ofSeconds(30);

    private Lab lab;

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.reset();
    }

    @AfterEach
    void serversLoggedNoError() {
        assertThat(lab.server(lab.node1()).errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "links",
                "symlinks",
                "fifos_and_sockets",
                "sparse_and_large",
                "memory_mapped",
                "appends",
                "truncates",
                "timestamps",
                "names",
                "deep",
                "open_files_replaced",
                "open_files_removed",
                "renames",
                "permissions"
            })
    void doesWhatProgramsExpect(String thing) {
        mount("vers=3");
        lab.client().put("client-day.py");
        CommandResult result = lab.client().run("python3 /tmp/client-day.py /mnt/nfs " + thing, LONG);
        assertThat(result.output()).isEmpty();
        assertThat(result.status()).isZero();
    }

    @Test
    void tenThousandFilesInOneDirectory() throws IOException {
        mount("vers=3");
        lab.client().put("many-files.py");
        String times = lab.client()
                .run("python3 /tmp/many-files.py /mnt/nfs/many " + FILES + " " + PROCESSES, LONG)
                .succeeded();
        lab.report()
                .line(
                        "%d files in a directory, %d processes, milliseconds: %s",
                        FILES, PROCESSES, times.strip().replace('\n', ' '));
        assertThat(Files.exists(lab.export().resolve("many"))).isFalse();
    }

    @Test
    void aBigDirectoryIsListedCompletely() throws IOException {
        Path big = Files.createDirectory(lab.export().resolve("big"));
        for (int number = 0; number < BIG_DIRECTORY; number++) {
            Files.createFile(big.resolve("entry-with-a-usual-name-" + number));
        }
        mount("vers=3");
        String listed = lab.client().run("""
                        set -e
                        cd /mnt/nfs/big
                        begin=$(date +%s%N)
                        ls -U > /tmp/names
                        echo $(( ($(date +%s%N) - begin) / 1000000 )) ms
                        LC_ALL=C sort -o /tmp/names /tmp/names
                        wc -l < /tmp/names
                        sha256sum < /tmp/names
                        """, LONG).succeeded();
        String expected = lab.besideServer(lab.export(), "ls -U big | LC_ALL=C sort | sha256sum")
                .succeeded();
        List<String> lines = listed.lines().toList();
        lab.report().line("%d entries listed: %s", BIG_DIRECTORY, lines.get(0));
        assertThat(lines.get(1)).isEqualTo(Integer.toString(BIG_DIRECTORY));
        assertThat(lines.get(2)).isEqualTo(expected.strip());
        lab.besideServer(lab.export(), "rm -r big").succeeded();
    }

    @Test
    void mountsOverIpv6() throws IOException {
        Path exports = lab.server(lab.node1()).configuration().resolve("exports.d/ipv6.exports");
        Files.writeString(exports, lab.export() + " fd77::/64(rw)\n");
        try {
            String mount = "mount -t nfs -o vers=3,proto=tcp6 [fd77::11]:" + lab.export() + " /mnt/nfs";
            assertThat(Waiting.until(
                            RELOADED, () -> lab.client().run(mount, LONG).status() == 0))
                    .as(mount)
                    .isTrue();
            assertThat(lab.client().succeed("grep ' /mnt/nfs ' /proc/mounts"))
                    .contains("proto=tcp6", "addr=fd77::11", "vers=3");
            lab.client().succeed("head -c 3M /dev/urandom > /mnt/nfs/data && sync && cp /mnt/nfs/data /mnt/nfs/copy");
            assertThat(Files.mismatch(lab.export().resolve("data"), lab.export().resolve("copy")))
                    .isEqualTo(-1);
            lab.client().succeed("ls -lR /mnt/nfs > /dev/null; umount /mnt/nfs");
        } finally {
            Files.delete(exports);
        }
    }

    /** This client's kernel is built without UDP for NFS (CONFIG_NFS_DISABLE_UDP_SUPPORT); its MOUNT and its tools have it. */
    @Test
    void udpIsServedAsFarAsTheClientOffersIt() {
        String where = LabNetwork.FLOATING + ":" + lab.export() + " /mnt/nfs";
        CommandResult refused = lab.client().run("mount -t nfs -o vers=3,proto=udp " + where, LONG);
        assertThat(refused.status()).isNotZero();
        assertThat(refused.output()).contains("an incorrect mount option was specified");
        mount("vers=3,proto=tcp,mountproto=udp");
        assertThat(lab.client().succeed("grep ' /mnt/nfs ' /proc/mounts")).contains("proto=tcp", "mountproto=udp");
        assertThat(lab.client().succeed("showmount -e " + LabNetwork.FLOATING))
                .contains(lab.export().toString());
        for (String program : List.of("100003", "100005", "100227")) {
            assertThat(lab.client().succeed("rpcinfo -T udp " + LabNetwork.FLOATING + " " + program + " 3"))
                    .contains("ready and waiting");
        }
    }

    private void mount(String options) {
        lab.client()
                .succeed("mount -t nfs -o " + options + " " + LabNetwork.FLOATING + ":" + lab.export() + " /mnt/nfs");
    }
}
