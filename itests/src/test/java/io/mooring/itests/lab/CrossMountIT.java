package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A Linux kernel's NFS client goes on to what is mounted below an export with crossmnt. */
@ExtendWith(LabExtension.class)
class CrossMountIT {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String FORGET = "echo 3 > /proc/sys/vm/drop_caches; ";

    private Lab lab;
    private Path top;

    /** The server gets a copy of this machine's mounts when it starts. */
    @BeforeEach
    void setUp(Lab newLab) throws IOException {
        lab = newLab;
        lab.reset();
        top = Files.createDirectories(lab.export().resolve("top"));
        mount(Files.createDirectories(top.resolve("sub")), "16m");
        mount(Files.createDirectories(top.resolve("sub/inner")), "8m");
        Files.writeString(exports(), top + " " + LabNetwork.CLIENTS + "(rw,no_root_squash,crossmnt)\n");
        restart();
        assertThat(Waiting.until(SOON, () -> tryMount().status() == 0))
                .as("the export is served")
                .isTrue();
    }

    /** A server's copy of the mounts goes with it; the client unmounts when the next test begins. */
    @AfterEach
    void tearDown() throws IOException {
        HostCommand.of("umount", "-l", top.resolve("sub").toString()).run();
        LabServer server = lab.server(lab.node1());
        Files.deleteIfExists(exports());
        lab.discardServer(lab.node1());
        assertThat(server.errors()).isEmpty();
    }

    @Test
    void mountsAreFileSystemsOfTheirOwn() {
        client("echo one > /mnt/nfs/file && echo two > /mnt/nfs/sub/file && echo three > /mnt/nfs/sub/inner/file");
        assertThat(top.resolve("sub/file")).hasContent("two");
        assertThat(top.resolve("sub/inner/file")).hasContent("three");
        assertThat(client("stat -c %d /mnt/nfs /mnt/nfs/sub /mnt/nfs/sub/inner | sort -u")
                        .lines())
                .hasSize(3);
        assertThat(client("stat -f -c '%b * %S' /mnt/nfs/sub /mnt/nfs/sub/inner | while read b; do echo $((b)); done"))
                .isEqualTo((16 << 20) + "\n" + (8 << 20) + "\n");
        assertThat(client("df --output=target /mnt/nfs/sub")).contains("/mnt/nfs/sub\n");
        String across = """
                python3 - <<'END'
                import errno, os
                for call in (os.rename, os.link):
                    try:
                        call("/mnt/nfs/file", "/mnt/nfs/sub/moved")
                    except OSError as e:
                        print(errno.errorcode[e.errno])
                END
                """;
        assertThat(client(across)).isEqualTo("EXDEV\nEXDEV\n");
        assertThat(client("find /mnt/nfs -name file | sort"))
                .isEqualTo("/mnt/nfs/file\n/mnt/nfs/sub/file\n/mnt/nfs/sub/inner/file\n");
        assertThat(exportsShown()).contains(top + "/sub/inner", "implied");
    }

    /** The handles that the client holds are all that it has. */
    @Test
    void theClientGoesOnAfterARestartOfTheServer() {
        client("echo before > /mnt/nfs/sub/inner/file");
        GuestJob writer = lab.client()
                .start("exec 3>>/mnt/nfs/sub/inner/file; touch /tmp/open; while [ ! -e /tmp/go ]; do sleep 0.2; done; "
                        + "echo after >&3 && sync /mnt/nfs/sub/inner/file");
        client("while [ ! -e /tmp/open ]; do sleep 0.2; done");
        String devices = client("stat -c %d /mnt/nfs/sub /mnt/nfs/sub/inner");
        restart();
        client("touch /tmp/go");
        writer.await(LIMIT).succeeded();
        assertThat(client(FORGET + "cat /mnt/nfs/sub/inner/file")).isEqualTo("before\nafter\n");
        assertThat(client("stat -c %d /mnt/nfs/sub /mnt/nfs/sub/inner")).isEqualTo(devices);
        assertThat(top.resolve("sub/inner/file")).hasContent("before\nafter\n");
    }

    @Test
    void mountsComeAndGoWhileTheServerServes() throws IOException {
        Path later = Files.createDirectory(top.resolve("later"));
        inServer("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", later.toString());
        client("echo kept > /mnt/nfs/sub/file; echo new > /mnt/nfs/later/file");
        assertThat(client("stat -f -c %S /mnt/nfs/later")).isNotEmpty();
        assertThat(exportsShown()).contains(top + "/later");
        assertThat(inServer("umount", later.toString()).status())
                .as("it is in use")
                .isNotZero();
        inServer("umount", "-l", later.toString()).succeeded();
        assertThat(Waiting.until(SOON, () -> !exportsShown().contains(top + "/later")))
                .as("the server lets go of it")
                .isTrue();
        assertThat(lab.client().run("cat /mnt/nfs/later/file", LIMIT).status()).isNotZero();
        assertThat(client(FORGET + "cat /mnt/nfs/sub/file")).isEqualTo("kept\n");
        client("umount -l /mnt/nfs/later; echo underneath > /mnt/nfs/later/below");
        assertThat(later.resolve("below")).hasContent("underneath");
    }

    private static void mount(Path point, String size) {
        HostCommand.of("mount", "-t", "tmpfs", "-o", "mode=777,size=" + size, "tmpfs", point.toString())
                .succeed();
    }

    /** Runs it where the server's mounts are. */
    private CommandResult inServer(String... words) {
        String pid = Long.toString(lab.server(lab.node1()).pid());
        return HostCommand.of(HostCommand.of("nsenter", "-t", pid, "-m").words(), words)
                .run();
    }

    private Path exports() {
        return lab.server(lab.node1()).configuration().resolve("exports.d").resolve("top.exports");
    }

    private void restart() {
        lab.server(lab.node1()).kill();
        lab.startServers();
    }

    private CommandResult tryMount() {
        String from = LabNetwork.FLOATING + ":" + top;
        return lab.client().run("mount -t nfs -o vers=3 " + from + " /mnt/nfs", LIMIT);
    }

    private String exportsShown() {
        return lab.server(lab.node1()).client("nfs:exports --json").succeeded();
    }

    private String client(String commands) {
        return lab.client().run(commands, LIMIT).succeeded();
    }
}
