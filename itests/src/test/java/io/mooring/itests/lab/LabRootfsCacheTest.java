package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabRootfsCacheTest {

    @TempDir
    Path directory;

    @Test
    void usesTheTreeThatIsThereAndRemovesWhatIsOldOrUnfinished() throws IOException {
        Path tree = Files.createDirectory(directory.resolve("tree-" + LabRootfsRecipe.stamp()));
        Path recent = Files.createDirectory(directory.resolve("tree-0123456789ab"));
        Path old = Files.createDirectory(directory.resolve("tree-ba9876543210"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(15))));
        Path unfinished = Files.createDirectory(directory.resolve("making-4242"));
        Path foreign = Files.createDirectory(directory.resolve("something"));

        assertThat(new LabRootfsCache(directory).tree().root()).isEqualTo(tree.resolve("root"));

        assertThat(recent).exists();
        assertThat(foreign).exists();
        assertThat(old).doesNotExist();
        assertThat(unfinished).doesNotExist();
    }

    @Test
    void refusesAPlaceThatTheKernelsCommandLineCannotName() {
        assertThatThrownBy(() -> new LabRootfsCache(directory.resolve("a b")).tree())
                .isInstanceOf(LabException.class)
                .hasMessageContaining("MOORING_LAB_CACHE");
    }
}
