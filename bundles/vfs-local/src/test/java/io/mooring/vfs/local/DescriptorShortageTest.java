package io.mooring.vfs.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A limit on open files that is too small is named, and costs time but no errors. */
class DescriptorShortageTest {
    @TempDir
    Path directory;

    @Test
    void idleDescriptorsMakeRoom() throws Exception {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Path output = directory.resolve("output");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n 120; exec \"$@\"",
                        "sh",
                        java,
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DescriptorShortage.class.getName(),
                        tree.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output);
        assertThat(lines).contains("good 500");
        assertThat(lines.stream().filter(line -> line.contains("may open 120 files only")))
                .as("said at the start, once for each setting")
                .satisfiesExactly(
                        line -> assertThat(line).contains("raise 'ulimit -n' to 4096 or more"),
                        line -> assertThat(line).contains("raise 'ulimit -n' to 200000 or more"));
    }
}
