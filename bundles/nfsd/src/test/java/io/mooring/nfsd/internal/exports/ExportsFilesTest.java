package io.mooring.nfsd.internal.exports;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.nfsd.internal.testing.MemoryFileSystem;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportsFilesTest {
    @TempDir
    Path directory;

    private final Exports exports = new Exports(
            new ExportPaths((root, options) -> new MemoryFileSystem(), OwnFiles.NONE, Duration.ofSeconds(60)),
            new NoNames(),
            () -> 0);
    private Path file;
    private ExportsFiles files;

    private static final class NoNames implements HostNames {
        @Override
        public List<InetAddress> addresses(String name) {
            return List.of();
        }

        @Override
        public String name(InetAddress address) {
            return null;
        }
    }

    @BeforeEach
    void setUp() {
        file = directory.resolve("exports");
        files = new ExportsFiles(file, directory.resolve("exports.d"), exports);
    }

    private List<String> served() {
        return exports.get().exports().stream()
                .map(e -> e.definition().path().toString())
                .toList();
    }

    @Test
    void theFileThenTheDirectorysByName() throws IOException {
        Files.writeString(file, "/c *");
        Path more = Files.createDirectory(directory.resolve("exports.d"));
        Files.writeString(more.resolve("2.exports"), "/a *");
        Files.writeString(more.resolve("1.exports"), "/b *");
        Files.writeString(more.resolve(".hidden.exports"), "/h *");
        Files.writeString(more.resolve("other"), "/o *");
        files.load();
        assertThat(served()).containsExactly("/c", "/b", "/a");
    }

    @Test
    void noneAtAllIsNoError() {
        files.load();
        assertThat(served()).isEmpty();
    }

    @Test
    void aChangeCountsOnceItIsTheSameTwice() throws IOException {
        Files.writeString(file, "/a *");
        files.load();
        Files.writeString(file, "/a *\n/bb");
        files.poll();
        assertThat(served()).containsExactly("/a");
        Files.writeString(file, "/a *\n/bbb *\n");
        files.poll();
        assertThat(served()).containsExactly("/a");
        files.poll();
        assertThat(served()).containsExactly("/a", "/bbb");
        Files.delete(file);
        files.poll();
        files.poll();
        assertThat(served()).isEmpty();
    }

    @Test
    void filesThatCannotBeReadChangeNothing() throws IOException {
        Files.writeString(file, "/a *");
        files.load();
        Files.delete(file);
        Files.createDirectory(file);
        files.poll();
        files.poll();
        assertThat(served()).containsExactly("/a");
        Files.delete(file);
        Files.writeString(file, "/a *\n/b *");
        files.poll();
        files.poll();
        assertThat(served()).containsExactly("/a", "/b");
    }
}
