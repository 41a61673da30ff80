package io.mooring.failover.internal.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.failover.internal.state.OwnedState.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it writes has lost nothing of what it had said was written. */
class KillTest {
    private static final int ENOUGH = 3000;
    private static final Settings SETTINGS = new Settings(64 << 10, true, false, "node-a");

    @TempDir
    Path directory;

    /** Says each number when it is written, or, for every tenth, durable. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) throws Exception {
            OwnedState state = OwnedState.take(Path.of(arguments[0]), "data", SETTINGS);
            for (int i = 0; true; i++) {
                byte[] record = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
                if (i % 10 == 0) {
                    state.journal("numbers").append(record);
                    state.journal("numbers").durable().get();
                } else if (!state.stream("numbers").write(record)) {
                    return;
                }
                System.out.println(i);
            }
        }
    }

    @Test
    void nothingThatWasWrittenIsLost() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int last = -1;
        try (BufferedReader said = process.inputReader()) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                last = Integer.parseInt(line);
                if (last == ENOUGH) {
                    process.destroyForcibly();
                }
            }
        } catch (IOException e) {
            assertThat(last).as("said before the stream was closed").isGreaterThanOrEqualTo(ENOUGH);
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(last).isGreaterThanOrEqualTo(ENOUGH);
        try (OwnedState state = OwnedState.take(directory, "data", SETTINGS)) {
            assertThat(state.complete()).isTrue();
            List<Integer> found = new ArrayList<>();
            state.journal("numbers")
                    .replay(record -> found.add(Integer.parseInt(new String(record, StandardCharsets.UTF_8))));
            assertThat(found).hasSizeGreaterThan(last);
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.get(i)).isEqualTo(i);
            }
        }
    }
}
