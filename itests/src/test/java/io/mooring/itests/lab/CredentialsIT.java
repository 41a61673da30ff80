package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A Linux kernel client as several users at once: what they may do is what the kernel beside the server would let them do. The
 * client keeps no attributes, so that all it says comes from the server.
 */
@ExtendWith(LabExtension.class)
class CredentialsIT {

    private static final String USERS = "1000:1000,2000 1001:1001,2000 1002:1002";
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int TRIES = 3;
    private static final int NOBODY = 65534;
    private static final int ANONYMOUS = 1234;
    private static final int PLAIN_USER = 1000;

    /** Each is applied beside the server, and then every user tries everything. */
    private static final List<String> CHANGES = List.of(
            "chmod 0644 file; chmod 0755 dir program",
            "chmod 0600 file; chmod 0700 dir program",
            "chgrp 2000 file dir program; chmod 0640 file; chmod 0750 dir; chmod 0710 program",
            "chmod 0060 file; chmod 0070 dir; chmod 0010 program",
            "chmod 0606 file; chmod 0707 dir; chmod 0701 program",
            "chown 1001 file dir program; chmod 0400 file; chmod 0500 dir program",
            "chmod 0222 file; chmod 0333 dir; chmod 0111 program",
            "chmod 0600 file; setfacl -m u:1002:rw file; chmod 0700 dir; setfacl -m u:1002:rwx dir; chmod 0111 program",
            "setfacl -m u:1002:r file; setfacl -m g:2000:rx dir; setfacl -m u:1002:--- program",
            "setfacl -m u:1000:---,o::rw file; setfacl -m m::--- dir; setfacl -m g:2000:---,o::--x program",
            "setfacl -b file dir program; chmod 0644 file; chmod 1777 dir; chmod 0555 program",
            "chown 1002:1002 file dir program; chmod 0444 file; chmod 0111 dir; chmod 4711 program",
            "chown 1000:1000 file dir program; chmod 0000 file dir program");

    private Lab lab;
    private Path directory;
    private Path exports;

    @BeforeEach
    void setUp(Lab newLab) throws IOException {
        lab = newLab;
        lab.reset();
        directory = Files.createTempDirectory("mooring-credentials");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String name : List.of("squashed", "all", "trusted")) {
            Files.createDirectory(directory.resolve(name));
            Files.setPosixFilePermissions(directory.resolve(name), PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        exports = lab.server(lab.node1()).configuration().resolve("exports.d/credentials.exports");
        Files.writeString(exports, """
                %1$s/squashed %2$s(rw,root_squash)
                %1$s/all      %2$s(rw,all_squash,anonuid=1234,anongid=1235)
                %1$s/trusted  %2$s(rw,no_root_squash)
                """.formatted(directory, LabNetwork.CLIENTS));
    }

    @AfterEach
    void tearDown() throws IOException {
        lab.client().run("touch /tmp/stop", LIMIT);
        lab.client().killJobs();
        lab.client().run("umount -f /mnt/nfs /mnt/own", LIMIT);
        Files.delete(exports);
        HostCommand.of("rm", "-rf", "--one-file-system", directory.toString()).succeed();
        assertThat(lab.server(lab.node1()).errors()).isEmpty();
    }

    @Test
    void everyUserMayDoUnderLoadWhatTheKernelAllowsAndNothingElse() throws IOException {
        beside("""
                cp /bin/busybox program; echo x > file; mkdir -p dir/full/x own; echo x > dir/inside;
                chown -R 1000:1000 file dir program; chmod 1777 own""");
        LabResources.copy("try-access.py", directory.resolve("try-access.py"));
        mount("squashed", "/mnt/nfs");
        lab.client().put("try-access.py");
        lab.client().put("load-as-users.py");
        lab.client().put("await-round.sh");
        GuestJob load = lab.client().start("python3 /tmp/load-as-users.py /mnt/nfs /tmp/stop 600 " + USERS);

        for (String change : CHANGES) {
            beside(change);
            // What was opened before is flushed after it: who opens the file meanwhile is told when that fails.
            lab.client().succeed("bash /tmp/await-round.sh " + USERS.replaceAll(":[0-9,]*", ""));
            String arguments = TRIES + " " + USERS;
            String found = lab.client().succeed("python3 /tmp/try-access.py /mnt/nfs " + arguments);
            String allowed = beside("python3 ../try-access.py . " + arguments);
            assertThat(found.lines())
                    .as(change)
                    .containsExactlyElementsOf(allowed.lines().toList());
        }
        lab.client().succeed("touch /tmp/stop");
        assertThat(load.await(LIMIT).succeeded()).isEmpty();
        assertThat(strangersFiles()).isEmpty();
    }

    /** What the three users made at the same time, but belongs to another one. */
    private List<String> strangersFiles() throws IOException {
        try (Stream<Path> made = Files.list(directory.resolve("squashed/own"))) {
            List<Path> all = made.toList();
            lab.report().line("objects made by three users under changes: %d", all.size());
            assertThat(all).hasSizeGreaterThan(100);
            return all.stream()
                    .map(file -> file.getFileName() + " of " + owner(file))
                    .filter(text -> !text.matches("(\\d+)-\\d+(\\.d)? of \\1:\\1"))
                    .toList();
        }
    }

    @Test
    void rootAndAllAreSquashedAsTheExportSays() {
        beside("echo secret > private; chown 1000:1000 private; chmod 0600 private; cp -p private ../trusted");
        mount("squashed", "/mnt/nfs");
        mount("all", "/mnt/own");
        lab.client().succeed("touch /mnt/nfs/by-root; touch /mnt/own/by-root");
        lab.client().succeed("setpriv --reuid 1000 --regid 1000 --groups 1000 touch /mnt/nfs/by-user /mnt/own/by-user");
        assertThat(owner("squashed/by-root")).isEqualTo(NOBODY + ":" + NOBODY);
        assertThat(owner("squashed/by-user")).isEqualTo(PLAIN_USER + ":" + PLAIN_USER);
        assertThat(owner("all/by-root")).isEqualTo(ANONYMOUS + ":" + (ANONYMOUS + 1));
        assertThat(owner("all/by-user")).isEqualTo(ANONYMOUS + ":" + (ANONYMOUS + 1));
        for (String refused : List.of(
                "cat /mnt/nfs/private",
                "chown 0 /mnt/nfs/by-user",
                "chown 0 /mnt/nfs/by-root",
                "chmod 0777 /mnt/nfs/private",
                "chmod 4755 /mnt/nfs/by-user",
                "mknod /mnt/nfs/device c 1 3")) {
            assertThat(lab.client().run(refused, LIMIT).status()).as(refused).isNotZero();
        }
        assertThat(lab.client().succeed("setpriv --reuid 1000 --regid 1000 --clear-groups cat /mnt/nfs/private"))
                .isEqualTo("secret\n");

        lab.client().succeed("umount /mnt/own");
        mount("trusted", "/mnt/own");
        lab.client().succeed("cat /mnt/own/private && touch /mnt/own/by-root && mknod /mnt/own/device c 1 3");
        lab.client().succeed("touch /mnt/own/given && chown 1001:2000 /mnt/own/given");
        assertThat(owner("trusted/by-root")).isEqualTo("0:0");
        assertThat(owner("trusted/given")).isEqualTo("1001:2000");
    }

    /** RFC 1813 §4.4. */
    @Test
    void whoMakesAFileThatNobodyMayWriteMayWriteIt() throws IOException {
        mount("squashed", "/mnt/nfs");
        lab.client().succeed("""
                cat > /tmp/write.py <<'END'
                import errno, os
                for mode in (0o444, 0o400, 0o000):
                    name = "/mnt/nfs/made-%o" % mode
                    file = os.open(name, os.O_CREAT | os.O_EXCL | os.O_RDWR, mode)
                    for part in range(48):
                        os.write(file, b"%07d\\n" % part * 8192)
                    os.fsync(file)
                    os.lseek(file, 0, os.SEEK_SET)
                    assert os.read(file, 8) == b"0000000\\n"
                    os.close(file)
                    try:
                        os.open(name, os.O_WRONLY)
                        raise SystemExit("opened again for writing")
                    except PermissionError:
                        pass
                END
                setpriv --reuid 1000 --regid 1000 --clear-groups python3 /tmp/write.py""");
        for (String name : List.of("made-444", "made-400", "made-0")) {
            assertThat(Files.size(directory.resolve("squashed").resolve(name))).isEqualTo(48L * 8 * 8192);
        }
        // The same file is no other user's to write or to read.
        for (String refused : List.of("cat /mnt/nfs/made-400", "sh -c 'echo x >> /mnt/nfs/made-444'")) {
            assertThat(lab.client()
                            .run("setpriv --reuid 1001 --regid 1001 --clear-groups " + refused, LIMIT)
                            .status())
                    .as(refused)
                    .isNotZero();
        }
    }

    /** Mounts one of the exports, as soon as the server has seen the new line. */
    private void mount(String name, String where) {
        String commands =
                "mount -t nfs -o vers=3,actimeo=0 " + LabNetwork.FLOATING + ":" + directory + "/" + name + " " + where;
        assertThat(Waiting.until(LIMIT, () -> lab.client().run(commands, LIMIT).status() == 0))
                .as(commands)
                .isTrue();
    }

    private String beside(String commands) {
        return lab.besideServer(directory, "cd squashed && { " + commands.replace('\n', ' ') + "; }")
                .succeeded();
    }

    private String owner(String name) {
        return owner(directory.resolve(name));
    }

    private static String owner(Path file) {
        try {
            return Files.getAttribute(file, "unix:uid") + ":" + Files.getAttribute(file, "unix:gid");
        } catch (IOException e) {
            throw new LabException("no owner of " + file, e);
        }
    }
}
