package io.mooring.failover.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RehearsalTest {

    private static long left() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("failover-rehearsal"))
                    .count();
        }
    }

    @Test
    void playsToItsEndAndLeavesNothing() throws Exception {
        long before = left();
        assertThat(Rehearsal.play()).isTrue();
        assertThat(left()).isEqualTo(before);
    }
}
