package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code ./mooring} as root and as a plain user, on a node of its own, from which no network but the lab's is reached. */
@ExtendWith(LabExtension.class)
class LauncherIT {

    private static final int NODE_NUMBER = 13;
    private static final int NOBODY = 65534;
    private static final Set<Integer> PUBLIC = Set.of(LabServer.NFS_PORT, LabServer.RPCBIND_PORT, LabServer.LOCK_PORT);
    /** What the assembly promises on 2 cores. */
    private static final Duration START = Duration.ofSeconds(15);

    private Lab lab;
    private LabNode node;
    private LabServer server;
    private Path directory;

    @BeforeEach
    void setUp(Lab newLab) throws IOException {
        lab = newLab;
        lab.resetClient();
        node = lab.node("node3", NODE_NUMBER);
        directory = Files.createTempDirectory("mooring-launcher");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void tearDown() {
        if (server != null && server.isAlive()) {
            server.kill();
        }
        HostCommand.of("rm", "-rf", "--one-file-system", directory.toString()).succeed();
    }

    @Test
    void theAssemblyStartsOfflineWithAllBundlesActiveAndWithoutAnError() throws IOException {
        long begin = System.nanoTime();
        server = start(Lab.launcher());
        server.awaitReady();
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        lab.report().line("the assembly serves after %.1f s", LabReport.seconds(took));
        assertThat(took).isLessThan(START);

        assertThat(Waiting.until(START, () -> server.client("info").status() == 0))
                .isTrue();
        List<String> notActive = server.client("bundle:list -t 0 --no-format")
                .succeeded()
                .lines()
                .filter(line -> line.matches("\\s*\\d+.*"))
                .filter(line -> !line.contains("Active") && !line.contains("Host"))
                .toList();
        assertThat(notActive).isEmpty();

        assertThat(node.sockets())
                .filteredOn(LabSocket::listens)
                .filteredOn(socket -> !PUBLIC.contains(socket.localPort()))
                .as("the shell and JMX")
                .isNotEmpty()
                .allMatch(socket -> socket.local().contains("127.0.0.1"));
        Path users = directory.resolve("data/etc/users.properties");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(users)))
                .isEqualTo("rw-------");

        server.stop();
        assertThat(server.log())
                .contains("Mount it with:", "mount -t nfs", "resvport", "4045 (locks)")
                .doesNotContain("nolock");
        assertThat(server.errors()).isEmpty();
        assertThat(node.sockets()).noneMatch(socket -> socket.localPort() == LabServer.NFS_PORT && socket.listens());
    }

    /** In an empty directory, as a newcomer does. */
    @Test
    void withoutOptionsItServesThisHostAlone() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        String start = "cd " + empty + " && exec " + Lab.launcher();
        server = LabServer.start(
                node, List.of("bash", "-c", start), Lab.launcher(), empty.resolve("data"), directory.resolve("log"));
        server.awaitReady();
        String exports = server.client("nfs:exports --json").succeeded();
        assertThat(exports).contains(empty + "/export", "127.0.0.1", "::1").doesNotContain("10.77");
        CommandResult mount = lab.client()
                .run("mount -t nfs -o vers=3,nolock " + node.address() + ":" + empty + "/export /mnt/nfs", START);
        assertThat(mount.status()).isNotZero();
        assertThat(mount.output()).contains("access denied");
        assertThat(server.log()).contains(":" + empty + "/export /mnt");
    }

    @Test
    void aPortInUseAndADirectoryInUseAreNamed() {
        server = start(Lab.launcher());
        server.awaitReady();
        CommandResult again = node.command(
                        Lab.launcher().toString(),
                        "--port",
                        "12049",
                        "--data",
                        directory.resolve("data").toString())
                .run();
        assertThat(again.status()).isNotZero();
        assertThat(again.output()).contains("an instance runs in").contains("--data");
        CommandResult second = node.command(
                        Lab.launcher().toString(),
                        "--data",
                        directory.resolve("second").toString())
                .run();
        assertThat(second.status()).isNotZero();
        assertThat(second.output()).contains("port 2049 is in use").contains("--port");
    }

    @Test
    void aPlainUserServesWithItsOwnRights() throws IOException {
        Path launcher = copyForNobody();
        server = start(launcher);
        server.awaitListening(LabServer.NFS_PORT);
        String options = "vers=3,proto=tcp,mountproto=tcp,port=2049,mountport=2049,nolock";
        assertThat(lab.client().succeed("""
                        set -e
                        mount -t nfs -o %s %s:%s /mnt/nfs
                        echo hello > /mnt/nfs/a
                        mkdir /mnt/nfs/d
                        mv /mnt/nfs/a /mnt/nfs/d/b
                        cat /mnt/nfs/d/b
                        umount /mnt/nfs
                        """.formatted(options, node.address(), export())))
                .contains("hello");
        Path file = export().resolve("d/b");
        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(NOBODY);
        assertThat(server.log()).contains("Port 111 (rpcbind) needs root", "port=2049,mountport=2049,nolock", "index");
        assertThat(node.listensOn(LabServer.LOCK_PORT))
                .as("locks that no client could find")
                .isFalse();
        assertThat(server.errors()).isEmpty();
        assertThat(server.client("nfs:exports").succeeded()).contains("served");
    }

    @Test
    void severalInstancesRunSideBySide() throws IOException {
        server = start(Lab.launcher());
        Path other = directory.resolve("other");
        List<String> words = List.of(
                Lab.launcher().toString(),
                "--data",
                other.toString(),
                "--export",
                export().toString(),
                "--port",
                "12049",
                "--rpcbind-port",
                "0");
        server.awaitReady();
        LabServer second = LabServer.start(node, words, Lab.launcher(), other, directory.resolve("log2"));
        try {
            second.awaitListening(12049);
            assertThat(second.client("rpc:programs").succeeded()).contains("12049");
            assertThat(server.client("rpc:programs").succeeded()).doesNotContain("12049");
        } finally {
            second.kill();
        }
    }

    @Test
    void aTakenPortOfLocksIsNamed() {
        server = start(Lab.launcher());
        server.awaitReady();
        CommandResult second = node.command(
                        Lab.launcher().toString(),
                        "--port",
                        "12049",
                        "--data",
                        directory.resolve("second").toString())
                .run();
        assertThat(second.status()).isNotZero();
        assertThat(second.output()).contains("port 4045 (locks) is in use").contains("--lock-port");
    }

    @Test
    void wrongOptionsAreNamed() {
        HostCommand.of("mkdir", export().toString()).succeed();
        assertThat(refused(
                        "--data",
                        directory.resolve("d").toString(),
                        "--port",
                        "12049",
                        "--export",
                        export().toString(),
                        "--lock-state",
                        export().resolve("locks").toString()))
                .contains("--lock-state", "is exported");
        assertThat(refused("--lock-port", "x")).contains("--lock-port x", "0 to 65535");
        assertThat(refused("--port", "99999")).contains("--port 99999", "1 to 65535");
        assertThat(refused("--export")).contains("--export needs a value");
        assertThat(refused("--clients", "", "--port", "99999")).contains("--clients needs a value");
        assertThat(refused("--expert", "x")).contains("unknown option --expert");
        assertThat(refused("--data", directory.toString(), "--port", "12049", "--export", "/does/not/exist"))
                .contains("/does/not/exist", "no directory");
        assertThat(refused(
                        "--data",
                        directory.resolve("d").toString(),
                        "--port",
                        "12049",
                        "--export",
                        directory.toString()))
                .contains("instance directory", "--data DIR");
        assertThat(refused("client", "--data", directory.resolve("none").toString(), "info"))
                .contains("no instance was started");
    }

    private static String refused(String... options) {
        CommandResult result =
                HostCommand.of(List.of(Lab.launcher().toString()), options).run();
        assertThat(result.status()).isNotZero();
        return result.output();
    }

    private LabServer start(Path launcher) {
        HostCommand.of("install", "-d", "-o", "65534", "-g", "65534", export().toString())
                .succeed();
        LabServer.Options options = new LabServer.Options(
                launcher, directory.resolve("data"), export(), directory.resolve("data/key"), List.of());
        return LabServer.start(node, options, directory.resolve("log"));
    }

    private Path export() {
        return directory.resolve("export");
    }

    /** The launcher and the assembly where a plain user may read them, and a script that becomes one. */
    private Path copyForNobody() throws IOException {
        Path copy = directory.resolve("copy");
        Path assembly = Lab.launcher().resolveSibling("karaf-assembly/target/assembly");
        Path target = copy.resolve("karaf-assembly/target");
        HostCommand.of("mkdir", "-p", target.toString()).succeed();
        HostCommand.of("cp", "-r", assembly.toString(), target.toString())
                .within(Duration.ofMinutes(1))
                .succeed();
        HostCommand.of("cp", Lab.launcher().toString(), copy.toString()).succeed();
        HostCommand.of("chmod", "-R", "a+rX", copy.toString()).succeed();
        HostCommand.of(
                        "install",
                        "-d",
                        "-o",
                        "65534",
                        "-g",
                        "65534",
                        directory.resolve("data").toString())
                .succeed();
        Path script = directory.resolve("mooring-as-nobody");
        Files.writeString(
                script,
                "#!/bin/sh\nexec setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=/tmp " + copy
                        + "/mooring \"$@\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }
}
