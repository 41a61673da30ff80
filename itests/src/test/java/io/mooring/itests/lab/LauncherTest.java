package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./mooring client} says before it asks a server; cluster managers rely on it. */
class LauncherTest {
    private static final Path LAUNCHER = Path.of("../mooring");

    /** EX_UNAVAILABLE. */
    private static final int NO_SERVER = 69;

    @TempDir
    private Path directory;

    private CommandResult client(String... before) {
        return HostCommand.of(List.of(before), LAUNCHER.toString(), "client", "--data", directory.toString(), "info")
                .run();
    }

    @Test
    void saysThatNoInstanceWasStarted() {
        CommandResult result = client("env");
        assertThat(result.status()).isEqualTo(NO_SERVER);
        assertThat(result.output()).contains("no instance was started in " + directory);
    }

    @Test
    void saysThatNoInstanceRuns() throws Exception {
        Files.createFile(directory.resolve("launcher.lock"));
        CommandResult result = client("env");
        assertThat(result.status()).isEqualTo(NO_SERVER);
        assertThat(result.output()).contains("no instance runs in " + directory);
    }

    /** The lock is what a running server has; whatever else goes wrong then. */
    @Test
    void anInstanceThatRunsIsNeverTakenForNone() {
        CommandResult result =
                client("flock", directory.resolve("launcher.lock").toString());
        assertThat(result.status()).isNotIn(0, NO_SERVER);
        assertThat(result.output()).doesNotContain("no instance");
    }
}
