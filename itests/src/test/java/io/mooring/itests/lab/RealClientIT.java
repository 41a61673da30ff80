package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A Linux kernel's NFS client works on an export over the floating address. */
@ExtendWith(LabExtension.class)
class RealClientIT {

    private static final Duration LONG = Duration.ofMinutes(3);
    private static final int FILES = 1000;
    private static final long BLOCK = 1L << 20;

    private Lab lab;

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.reset();
    }

    @AfterEach
    void serversLoggedNoError() {
        assertThat(lab.server(lab.node1()).errors()).isEmpty();
        assertThat(lab.server(lab.node2()).errors()).isEmpty();
    }

    @Test
    void mountsWithVersion3() {
        mount("-o vers=3,proto=tcp");
        assertThat(mountLine()).contains(" nfs ", "vers=3", "proto=tcp", "addr=" + LabNetwork.FLOATING);
    }

    /** The client asks for version 4 first and must be told that there is only version 3. */
    @Test
    void plainMountEndsAtVersion3() {
        mount("");
        assertThat(mountLine()).contains(" nfs ", "vers=3", "rsize=1048576", "wsize=1048576");
    }

    @Test
    void readsBackTheSixtyFourMegabytesThatItWrote() {
        mount("-o vers=3");
        lab.client().succeed("head -c 64M /dev/urandom > /tmp/data");
        String times = lab.client().run("""
                        set -e
                        begin=$(date +%s%N)
                        dd if=/tmp/data of=/mnt/nfs/data bs=1M conv=fsync status=none
                        echo written $(( ($(date +%s%N) - begin) / 1000000 ))
                        echo 3 > /proc/sys/vm/drop_caches
                        begin=$(date +%s%N)
                        dd if=/mnt/nfs/data of=/dev/null bs=1M status=none
                        echo read $(( ($(date +%s%N) - begin) / 1000000 ))
                        umount /mnt/nfs
                        """, LONG).succeeded();
        mount("-o vers=3");
        List<String> sums = lab.client()
                .succeed("sha256sum < /tmp/data; sha256sum < /mnt/nfs/data; rm /tmp/data")
                .lines()
                .toList();
        lab.report().line("64 MB, milliseconds: %s", times.strip().replace('\n', ' '));
        assertThat(sums.get(1)).isEqualTo(sums.get(0));
        assertThat(HostCommand.of("sha256sum", lab.export().resolve("data").toString())
                        .succeed())
                .startsWith(sums.get(0).substring(0, 64));
    }

    @Test
    void createsListsRenamesAndRemovesAThousandFiles() throws IOException {
        mount("-o vers=3");
        String commands = """
                mkdir /mnt/nfs/many && cd /mnt/nfs/many || exit 1
                begin=$(date +%s%N)
                for i in {1..1000}; do echo $i > old$i || exit 1; done
                echo created $(( ($(date +%s%N) - begin) / 1000000 ))
                """;
        lab.report()
                .line(
                        "1,000 files, milliseconds: %s",
                        lab.client().run(commands, LONG).succeeded().strip());
        assertThat(names("many")).hasSize(FILES).contains("old1", "old1000");
        assertThat(Files.readString(lab.export().resolve("many/old77"))).isEqualTo("77\n");

        run("cd /mnt/nfs/many && python3 -c 'import os\nfor i in range(1, 1001): os.rename(f\"old{i}\", f\"new{i}\")'");
        String[] expected = IntStream.rangeClosed(1, FILES)
                .mapToObj(i -> "new" + i)
                .sorted()
                .toArray(String[]::new);
        assertThat(run("echo 3 > /proc/sys/vm/drop_caches; LC_ALL=C ls /mnt/nfs/many")
                        .lines())
                .containsExactly(expected);
        assertThat(run("ls -l /mnt/nfs/many | grep -c new").strip()).isEqualTo("1000");
        assertThat(names("many")).containsExactly(expected);

        run("cd /mnt/nfs/many && rm new* && cd .. && rmdir many");
        assertThat(Files.exists(lab.export().resolve("many"))).isFalse();
    }

    /** Files, directories, hard and symbolic links, times and modes; owners are the server's to map. */
    @Test
    void unpacksATreeFromATarArchive() {
        mount("-o vers=3");
        run("tar -cf /tmp/tree.tar -C /usr/share zoneinfo perl5 -C /usr/lib python3.11 -C / etc");
        run("mkdir /mnt/nfs/tree /tmp/tree && tar -C /tmp/tree --no-same-owner -xf /tmp/tree.tar");
        run("""
                begin=$(date +%s%N)
                tar -C /mnt/nfs/tree --no-same-owner -xf /tmp/tree.tar || exit 1
                echo $(( ($(date +%s%N) - begin) / 1000000 )) > /tmp/time
                echo 3 > /proc/sys/vm/drop_caches
                """);
        String list = "find . -mindepth 1 \\( -type d -printf '%y %m - %T@ %P\\n' \\)"
                + " -o -printf '%y %m %n %l %T@ %P\\n' | LC_ALL=C sort";
        run("cd /tmp/tree && " + list + " > /tmp/expected; cd /mnt/nfs/tree && " + list + " > /tmp/found");
        lab.report()
                .line(
                        "tar unpacked, files and milliseconds: %s",
                        run("wc -l < /tmp/expected; cat /tmp/time").strip().replace('\n', ' '));
        assertThat(run("wc -l < /tmp/expected").strip().length())
                .as("thousands of files")
                .isGreaterThanOrEqualTo(4);
        assertThat(run("diff /tmp/expected /tmp/found | head -20")).isEmpty();
        assertThat(run("diff -r --no-dereference /tmp/tree /mnt/nfs/tree | head -20"))
                .isEmpty();
        run("rm -rf /mnt/nfs/tree /tmp/tree /tmp/tree.tar");
    }

    @Test
    void showsSizesAndFreeSpace() throws IOException {
        mount("-o vers=3");
        List<String> line = List.of(
                run("df -B1 --output=size,fstype /mnt/nfs | tail -1").strip().split("\\s+", -1));
        assertThat(line.get(1)).isEqualTo("nfs");
        long total = Files.getFileStore(lab.export()).getTotalSpace();
        // The client counts in blocks of wsize and rounds up.
        assertThat(Long.parseLong(line.get(0))).isBetween(total, total + BLOCK);
        assertThat(run("df --output=itotal /mnt/nfs | tail -1").strip()).isNotEqualTo("0");
    }

    @Test
    void showmountAndRpcinfoShowExportsAndPrograms() {
        String exports = run("showmount -e " + LabNetwork.FLOATING);
        assertThat(exports).contains(lab.export().toString(), LabNetwork.CLIENTS);
        String programs = run("rpcinfo -p " + LabNetwork.FLOATING);
        assertThat(programs)
                .containsPattern("100000 +2 +tcp +111")
                .containsPattern("100000 +2 +udp +111")
                .containsPattern("100003 +3 +tcp +2049")
                .containsPattern("100005 +1 +tcp +2049")
                .containsPattern("100005 +3 +tcp +2049");
        assertThat(run("rpcinfo -s " + LabNetwork.FLOATING)).contains("100003", "100005");
        assertThat(run("rpcinfo -t " + LabNetwork.FLOATING + " 100003 3")).contains("ready and waiting");
    }

    @Test
    void showmountShowsWhoMounted() {
        mount("-o vers=3");
        assertThat(run("showmount -a " + LabNetwork.FLOATING)).contains("10.77.0.100:" + lab.export());
    }

    private void mount(String options) {
        lab.client().succeed("mount -t nfs " + options + " " + LabNetwork.FLOATING + ":" + lab.export() + " /mnt/nfs");
    }

    private String mountLine() {
        return run("grep ' /mnt/nfs ' /proc/mounts");
    }

    private String run(String commands) {
        return lab.client().run(commands, LONG).succeeded();
    }

    private List<String> names(String directory) throws IOException {
        try (Stream<Path> files = Files.list(lab.export().resolve(directory))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
