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

/** No export may give the server's own files away, whatever symbolic links are on the way. */
class OwnFilesTest {
    @TempDir
    Path top;

    private Path base;
    private Path outside;
    private OwnFiles own;

    @BeforeEach
    void make() throws IOException {
        base = Files.createDirectories(top.resolve("joe/data"));
        outside = Files.createDirectories(top.resolve("joe/export"));
        Files.createDirectories(top.resolve("etc"));
        // The key is made later.
        own = new OwnFiles(List.of(base, top.resolve("etc")), List.of(top.resolve("keys/new/handle.key")));
    }

    private String refusal(Path export) {
        return own.refusal(export);
    }

    @Test
    void whatContainsOneIsOneOrLiesInOneIsRefused() throws IOException {
        assertThat(refusal(top.resolve("joe"))).contains("joe contains " + base, "--data DIR");
        assertThat(refusal(Path.of("/"))).contains("/ contains ");
        assertThat(refusal(base)).contains("contains " + base);
        assertThat(refusal(base.resolve("etc/exports.d"))).contains("lies in " + base);
        assertThat(refusal(top.resolve("keys"))).contains("keys contains ", "handle.key");
    }

    @Test
    void everythingElseIsNot() throws IOException {
        assertThat(refusal(outside)).isNull();
        assertThat(refusal(top.resolve("joe/data2"))).isNull();
        assertThat(refusal(top.resolve("keys/other"))).isNull();
        assertThat(OwnFiles.NONE.refusal(Path.of("/"))).isNull();
    }

    @Test
    void symbolicLinksHideNothing() throws IOException {
        Path link = Files.createSymbolicLink(outside.resolve("home"), top.resolve("joe"));
        assertThat(refusal(link)).contains("home contains " + base);
        assertThat(refusal(link.resolve("data/deploy"))).contains("lies in " + base);
        Path linked = Files.createSymbolicLink(top.resolve("server"), base);
        own = new OwnFiles(List.of(linked), List.of());
        assertThat(refusal(top.resolve("joe"))).contains("joe contains " + linked);
    }

    @Test
    void itsLineIsRefusedAndTheOthersAreServed() throws Exception {
        ExportPaths paths = new ExportPaths((root, options) -> new MemoryFileSystem(), own, Duration.ofSeconds(60));
        try (Exports exports = new Exports(paths, new NoNames(), () -> 0)) {
            String text = top.resolve("joe") + " *(rw)\n" + outside + " *(rw)\n";
            exports.reconcile(new ExportsParser().add("exports", text).build());
            assertThat(exports.get().exports())
                    .extracting(e -> e.definition().path())
                    .containsExactly(outside);
            assertThat(exports.get().problems()).singleElement().satisfies(problem -> {
                assertThat(problem.line()).isEqualTo(1);
                assertThat(problem.message()).contains("the server's own");
            });
        }
    }

    @Test
    void anExportThatBecomesOneIsClosed() throws Exception {
        Path served = Files.createDirectory(top.resolve("served"));
        ExportPaths paths = new ExportPaths((root, options) -> new MemoryFileSystem(), own, Duration.ofSeconds(60));
        try (Exports exports = new Exports(paths, new NoNames(), () -> 0)) {
            exports.reconcile(
                    new ExportsParser().add("exports", served + " *(rw)\n").build());
            MemoryFileSystem before =
                    (MemoryFileSystem) exports.get().exports().get(0).fileSystem();
            Files.delete(served);
            Files.createSymbolicLink(served, top.resolve("joe"));
            exports.refresh();
            assertThat(exports.get().exports()).isEmpty();
            assertThat(exports.get().problems()).hasSize(1);
            assertThat(before.closed).isTrue();
        }
    }

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
}
