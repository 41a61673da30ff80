package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that people run on NFS, through Linux kernel clients: two at once, a version control system, a compiler. */
@ExtendWith(LabExtension.class)
class WorkloadIT {

    private static final Duration LONG = Duration.ofMinutes(4);
    private static final int SECOND_CLIENT = 101;
    private static final int APPENDED_LINES = 40;
    /** Of each client, in the same file at different places too. */
    private static final int FIO_MEGABYTES = 8;

    private static final int MILLION = 1_000_000;
    /** Names of one file: fewer than any file system allows. */
    private static final int LINKS = 1000;
    /** A list of entries with their handles would take more; a heap not yet as large as it may be grows by some of it anyway. */
    private static final int BYTES_PER_ENTRY = 200;

    private Lab lab;
    private LabGuest second;

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.reset();
    }

    @AfterEach
    void tearDown() {
        if (second != null) {
            second.close();
        }
        assertThat(lab.server(lab.node1()).errors()).isEmpty();
    }

    private void mountBoth(String options) {
        second = lab.startGuest("second", SECOND_CLIENT);
        second.awaitBoot();
        mount(lab.client(), options);
        mount(second, options);
    }

    private void mount(LabGuest client, String options) {
        client.succeed("mount -t nfs -o " + options + " " + LabNetwork.FLOATING + ":" + lab.export() + " /mnt/nfs");
    }

    /**
     * In turns: who opens a file sees what the other one closed (close-to-open consistency). At the same time NFS has no
     * append: the client chooses the offset, and without a lock one would overwrite the other.
     */
    @Test
    void twoClientsAppendInTurns() throws IOException {
        mountBoth("vers=3");
        List<String> expected = new ArrayList<>();
        for (int line = 0; line < APPENDED_LINES; line++) {
            (line % 2 == 0 ? lab.client() : second).succeed("echo line " + line + " >> /mnt/nfs/appended");
            expected.add("line " + line);
        }
        assertThat(Files.readAllLines(lab.export().resolve("appended"))).isEqualTo(expected);
        assertThat(second.succeed("cat /mnt/nfs/appended").lines()).containsExactlyElementsOf(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vers=3", "vers=3,noac"})
    void twoClientsWriteAndVerifyAtOnce(String options) {
        mountBoth(options);
        // Or each fio would make it anew.
        lab.client().succeed("truncate -s " + 2 * FIO_MEGABYTES + "M /mnt/nfs/both");
        GuestJob one = lab.client().start(write("one", 0) + " && " + write("both", 0));
        GuestJob two = second.start(write("two", 0) + " && " + write("both", FIO_MEGABYTES));
        assertThat(one.await(LONG).succeeded()).contains("err= 0");
        assertThat(two.await(LONG).succeeded()).contains("err= 0");
        // What each wrote, as the other one sees it.
        lab.client().succeed(verify("two", 0) + " && " + verify("both", FIO_MEGABYTES));
        second.succeed(verify("one", 0) + " && " + verify("both", 0));
    }

    private static String write(String file, int offsetMegabytes) {
        return fio(file, offsetMegabytes, "--do_verify=1 --end_fsync=1");
    }

    private static String verify(String file, int offsetMegabytes) {
        return "echo 3 > /proc/sys/vm/drop_caches && " + fio(file, offsetMegabytes, "--verify_only=1");
    }

    private static String fio(String file, int offsetMegabytes, String more) {
        return "fio --name=job --filename=/mnt/nfs/" + file + " --offset=" + offsetMegabytes + "M --size="
                + FIO_MEGABYTES + "M --rw=randwrite --bs=16k --randseed=" + (7 + offsetMegabytes)
                + " --ioengine=psync --thread --disk_util=0 --fallocate=none --verify=crc32c --verify_fatal=1 " + more;
    }

    @Test
    void gitAndMakeWork() {
        mount(lab.client(), "vers=3");
        long begin = System.nanoTime();
        String log = lab.client()
                .run("""
                        set -e
                        export HOME=/tmp GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
                        git config --global init.defaultBranch main
                        git config --global --add safe.directory '*'
                        mkdir /tmp/origin
                        tar xzf %s -C /tmp/origin --strip-components=1
                        cd /tmp/origin
                        git init -q; git add .; git commit -qm first
                        git clone -q --no-hardlinks /tmp/origin /mnt/nfs/clone
                        cd /mnt/nfs/clone
                        for n in 1 2 3; do echo $n >> README; git commit -qam "change $n"; done
                        git gc -q --prune=now
                        git fsck --full --strict > /tmp/fsck 2>&1 || { cat /tmp/fsck; exit 1; }
                        git status --porcelain
                        git log --oneline | wc -l
                        git -C /tmp/origin fetch -q /mnt/nfs/clone main
                        git -C /tmp/origin rev-parse FETCH_HEAD
                        git rev-parse HEAD
                        make -s CC=tcc LD=tcc
                        sh run-tests.sh fonts
                        """.formatted(LabRootfsRecipe.SOURCE_IN_GUEST), LONG)
                .succeeded();
        lab.report().line("git clone, gc and fsck, and a make: %.1f s", (System.nanoTime() - begin) / 1e9);
        List<String> lines = log.lines().toList();
        assertThat(lines.get(0)).isEqualTo("4");
        assertThat(lines.get(1)).isEqualTo(lines.get(2));
        assertThat(log).contains("All tests passed");
    }

    /** The server must not keep a list of them. */
    @Test
    void aDirectoryOfAMillionEntriesIsListedInBoundedMemory() throws IOException {
        Path million = Files.createDirectory(lab.export().resolve("million"));
        for (int number = 0; number < MILLION; number++) {
            makeEntry(million, number);
        }
        mount(lab.client(), "vers=3");
        LabServer server = lab.server(lab.node1());
        long before = server.residentBytes();
        long begin = System.nanoTime();
        String counted = lab.client().run("""
                        python3 -c '
                        import os, zlib
                        count = total = 0
                        with os.scandir("/mnt/nfs/million") as entries:
                            for entry in entries:
                                count += 1
                                total += zlib.crc32(entry.name.encode())
                        print(count, total)'
                        """, LONG).succeeded();
        long grown = server.residentBytes() - before;
        lab.report()
                .line(
                        "%d entries listed in %.1f s, the server grew by %d MiB",
                        MILLION, (System.nanoTime() - begin) / 1e9, grown >> 20);
        long total = IntStream.range(0, MILLION)
                .mapToLong(number -> crc32(name(number)))
                .sum();
        assertThat(counted.strip()).isEqualTo(MILLION + " " + total);
        assertThat(grown).isLessThan((long) MILLION * BYTES_PER_ENTRY);
        lab.client().succeed("umount /mnt/nfs");
        lab.besideServer(lab.export(), "rm -r million").succeeded();
    }

    /** Many names of few files: the entries are the same, and made sooner. */
    private static void makeEntry(Path directory, int number) throws IOException {
        Path file = directory.resolve(name(number / LINKS * LINKS));
        if (number % LINKS == 0) {
            Files.createFile(file);
        } else {
            Files.createLink(directory.resolve(name(number)), file);
        }
    }

    private static String name(int number) {
        return "entry-with-a-usual-name-" + number;
    }

    private static long crc32(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return crc.getValue();
    }
}
