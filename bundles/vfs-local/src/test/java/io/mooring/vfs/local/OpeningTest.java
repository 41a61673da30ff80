package io.mooring.vfs.local;

import static io.mooring.vfs.local.TestTree.bytes;
import static io.mooring.vfs.local.VfsAssertions.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mooring.vfs.Caller;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be opened, and what is said of what cannot. */
class OpeningTest {
    private static final FileSystemOptions OPTIONS = new FileSystemOptions(true);

    @TempDir
    Path directory;

    private LocalFileSystems systems;

    @BeforeEach
    void open() {
        systems = new LocalFileSystems(new LocalSettings(100, 60, false, 1000, 1000));
    }

    @AfterEach
    void close() {
        systems.close();
    }

    @Test
    void aMissingDirectoryIsNamed() {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> systems.open(missing, OPTIONS))
                .hasMessageContaining(missing.toString())
                .hasMessageContaining("no such directory");
        assertStatus(Status.NOENT, () -> systems.open(missing, OPTIONS));
    }

    @Test
    void aFileIsNoTree() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertStatus(Status.NOTDIR, () -> systems.open(file, OPTIONS));
    }

    @Test
    void aFileSystemWithoutHandlesIsNamed() {
        assertThatThrownBy(() -> systems.open(Path.of("/proc"), OPTIONS))
                .hasMessageContaining("/proc cannot be exported")
                .hasMessageContaining("(proc)");
        assertStatus(Status.NOTSUPP, () -> systems.open(Path.of("/proc"), OPTIONS));
    }

    @Test
    void anotherMountIsNotEntered() throws Exception {
        try (LocalFileSystem fs = systems.open(Path.of("/"), OPTIONS)) {
            assertStatus(Status.XDEV, () -> fs.lookup(Caller.ROOT, fs.root(), bytes("proc")));
            assertStatus(Status.XDEV, () -> fs.lookup(Caller.ROOT, fs.root(), bytes("dev")));
            assertThat(fs.lookup(Caller.ROOT, fs.root(), bytes("..")).id()).isEqualTo(fs.root());
        } catch (VfsException e) {
            assumeTrue(false, "the root file system gives no handles: " + e.getMessage());
        }
    }

    @Test
    void aPathOfAnyBytes() throws Exception {
        Path odd = Files.createDirectory(directory.resolve("a b%c#d?e"));
        Files.createFile(odd.resolve("file"));
        try (LocalFileSystem fs = systems.open(odd, OPTIONS)) {
            fs.lookup(Caller.ROOT, fs.root(), bytes("file"));
        }
    }

    @Test
    void aStoppedProviderOpensNothingAndHasClosedAll() throws Exception {
        LocalFileSystem fs = systems.open(directory, OPTIONS);
        systems.close();
        assertStatus(Status.STALE, () -> fs.attributes(fs.root()));
        assertStatus(Status.STALE, () -> systems.open(directory, OPTIONS));
    }
}
