package io.mooring.rpcbind.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's rpcinfo talks to our rpcbind, and we register with Debian's rpcbind, in a network namespace. */
@Timeout(240)
final class RealRpcbindTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static DebianPackages packages;

    @TempDir
    Path directory;

    private NamespaceLab lab;

    @BeforeAll
    static void fetch() throws InterruptedException {
        assumeTrue(
                "root".equals(System.getProperty("user.name")), "not root: no network namespace, so no real rpcbind");
        assumeTrue(has("ip") && has("unshare") && has("setpriv"), "no iproute2 or util-linux: no network namespace");
        assumeTrue(has("apt-get") && has("dpkg"), "not Debian: its rpcbind cannot be fetched");
        try {
            packages = DebianPackages.unpacked(Path.of("target", "debian"));
        } catch (IOException e) {
            abort("Debian's rpcbind cannot be fetched: " + e.getMessage());
        }
    }

    @BeforeEach
    void openLab() throws IOException, InterruptedException {
        String unique = "mrpcb" + ProcessHandle.current().pid() + "-" + (System.nanoTime() & 0xffff);
        lab = NamespaceLab.open(unique, directory, packages);
    }

    @AfterEach
    void closeLab() throws IOException, InterruptedException {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void rpcinfoShowsOurPrograms() throws Exception {
        startOurs(true);

        assertThat(lines(rpcinfo("-p", "127.0.0.1")))
                .contains("100000 2 tcp 111 portmapper", "100000 4 udp 111 portmapper", "100003 3 tcp 2049 nfs")
                .contains("100003 3 udp 2049 nfs", "100005 1 tcp 2049 mountd", "100005 3 udp 2049 mountd");
        for (String address : new String[] {"127.0.0.1", "::1"}) {
            assertThat(lines(rpcinfo("-s", address)))
                    .as(address)
                    .anyMatch(line -> line.matches("100003 3 \\S*tcp6\\S* nfs superuser"))
                    .anyMatch(line -> line.matches("100005 3,1 \\S*udp\\S* mountd superuser")
                            || line.matches("100005 1,3 \\S*udp\\S* mountd superuser"))
                    .anyMatch(line -> line.matches("100000 \\S+ \\S*udp6\\S* portmapper superuser"));
        }
        assertThat(rpcinfo("-l", "127.0.0.1", "100003", "3")).contains("127.0.0.1.8.1", "tcp", "udp");
        assertThat(rpcinfo("-m", "127.0.0.1")).contains("GETSTAT");
        for (String netid : new String[] {"tcp", "udp", "tcp6", "udp6"}) {
            String address = netid.endsWith("6") ? "::1" : "127.0.0.1";
            assertThat(rpcinfo("-T", netid, address, "100003", "3")).contains("ready and waiting");
        }
        assertThat(lab.rpcinfo("-T", "tcp", "127.0.0.1", "100003", "4").output())
                .as("the port of another version: the program itself refuses")
                .contains("not available");
        assertThat(lab.rpcinfo("-d", "100003", "3").exit())
                .as("an open server cannot be unset")
                .isNotZero();
        assertThat(lines(rpcinfo("-p", "127.0.0.1"))).contains("100003 3 tcp 2049 nfs");
    }

    @Test
    void weRegisterWithDebiansRpcbindAlsoAfterItsRestartAndTakeItBack() throws Exception {
        Process first = startRpcbind();
        List<String> before = lines(rpcinfo("-p", "127.0.0.1"));
        Process ours = startOurs(true);
        untilRegistered();
        assertThat(lines(rpcinfo("-s", "127.0.0.1")))
                .anyMatch(line -> line.matches("100003 3 \\S*tcp6\\S* nfs superuser"));

        first.destroyForcibly().waitFor();
        startRpcbind();
        untilRegistered();

        end(ours);
        assertThat(lines(rpcinfo("-p", "127.0.0.1"))).isEqualTo(before);
    }

    private void untilRegistered() {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lines(rpcinfo("-p", "127.0.0.1")))
                        .contains("100003 3 tcp 2049 nfs", "100003 3 udp 2049 nfs", "100005 3 tcp 2049 mountd"));
    }

    /** Without the right to use privileged ports; Debian's rpcbind lets anybody on loopback register. */
    @Test
    void aPlainUserRegistersWithDebiansRpcbind() throws Exception {
        startRpcbind();
        List<String> before = lines(rpcinfo("-p", "127.0.0.1"));
        Process ours = startOurs(false);
        untilRegistered();
        assertThat(lines(rpcinfo("-s", "127.0.0.1")))
                .anyMatch(line -> line.matches("100003 3 \\S*tcp6\\S* nfs unknown"));

        end(ours);
        assertThat(lines(rpcinfo("-p", "127.0.0.1"))).isEqualTo(before);
    }

    @Test
    void aPlainUserWithoutAnyRpcbindIsToldAboutTheMountOptions() throws Exception {
        Process ours = startOurs(false);

        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(output()).containsOnlyOnce("none answers").contains("mountport="));
        end(ours);
    }

    private Process startRpcbind() throws IOException {
        Process rpcbind = lab.startRpcbind();
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> lab.rpcinfo("-p", "127.0.0.1").exit() == 0);
        return rpcbind;
    }

    private Process startOurs(boolean privileged) throws IOException {
        Path output = directory.resolve("ours.log");
        Process ours = lab.startOurs(output, privileged);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> Files.exists(output) && output().lines().anyMatch(RpcbindProcess.READY::equals));
        return ours;
    }

    private static void end(Process ours) throws IOException, InterruptedException {
        ours.getOutputStream().close();
        assertThat(ours.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(ours.exitValue()).isZero();
    }

    private String output() throws IOException {
        return Command.read(directory.resolve("ours.log"));
    }

    private String rpcinfo(String... arguments) throws IOException, InterruptedException {
        Command.Result result = lab.rpcinfo(arguments);
        assertThat(result.exit())
                .as("rpcinfo %s: %s", Arrays.toString(arguments), result.output())
                .isZero();
        return result.output();
    }

    /** One blank between the columns. */
    private static List<String> lines(String output) {
        return output.lines().map(line -> line.trim().replaceAll("\\s+", " ")).toList();
    }

    private static boolean has(String program) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
