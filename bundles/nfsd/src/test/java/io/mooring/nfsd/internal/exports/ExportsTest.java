package io.mooring.nfsd.internal.exports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.nfsd.internal.exports.HostNames.NameServiceException;
import io.mooring.nfsd.internal.testing.MemoryFileSystem;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.FileSystemProvider;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportsTest {
    private final List<MemoryFileSystem> opened = new ArrayList<>();
    private final List<FileSystemOptions> openedWith = new ArrayList<>();
    private final Set<Path> missing = new HashSet<>();
    private final FixedNames names = new FixedNames();
    private long nanos;
    private final Exports exports =
            new Exports(new ExportPaths(new Provider(), OwnFiles.NONE, Duration.ofSeconds(60)), names, () -> nanos);

    private final class Provider implements FileSystemProvider {
        @Override
        public FileSystem open(Path root, FileSystemOptions options) throws VfsException {
            if (missing.contains(root)) {
                throw new VfsException(Status.NOENT, "no such directory");
            }
            openedWith.add(options);
            opened.add(new MemoryFileSystem());
            return opened.get(opened.size() - 1);
        }
    }

    private static final class FixedNames implements HostNames {
        private List<InetAddress> answer = List.of();
        private int asked;
        private boolean dead;

        @Override
        public List<InetAddress> addresses(String name) throws NameServiceException {
            asked++;
            if (dead) {
                throw new NameServiceException("dead");
            }
            return answer;
        }

        @Override
        public String name(InetAddress address) {
            return null;
        }
    }

    private void serve(String text) {
        exports.reconcile(new ExportsParser().add("exports", text).build());
    }

    private Export export(String path) {
        return exports.get().exports().stream()
                .filter(e -> e.definition().path().toString().equals(path))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void onlyWhatChangedIsReopened() {
        serve("/a *(ro)\n/b *(ro)\n/c *(ro)");
        Export a = export("/a");
        Export b = export("/b");
        serve("/a *(ro)\n/b *(rw)\n/d *(ro)");
        assertThat(opened).hasSize(4);
        assertThat(export("/a")).isSameAs(a);
        assertThat(export("/b")).isNotSameAs(b);
        assertThat(export("/b").fileSystem()).isSameAs(b.fileSystem());
        assertThat(opened).extracting(f -> f.closed).containsExactly(false, false, true, false);
    }

    @Test
    void anotherSyncOrFsidIsAnotherFileSystem() {
        serve("/a *(sync)");
        serve("/a *(async)");
        assertThat(openedWith).containsExactly(new FileSystemOptions(true), new FileSystemOptions(false));
        serve("/a *(async,fsid=9)");
        assertThat(opened).extracting(f -> f.closed).containsExactly(true, true, false);
        assertThat(exports.get().byFsid(9)).isPresent();
    }

    @Test
    void aMissingDirectoryIsServedWhenItComes() {
        missing.add(Path.of("/b"));
        serve("/a *\n/b *");
        assertThat(exports.get().exports()).hasSize(1);
        assertThat(exports.get().unavailable()).extracting(u -> u.reason()).containsExactly("no such directory");
        long fsid = ExportDefinition.defaultFsid(Path.of("/b"));
        assertThat(exports.get().isAwaited(fsid)).isTrue();
        assertThat(exports.get().covering("/b/x").orElseThrow().export()).isNull();
        Export a = export("/a");
        missing.clear();
        exports.refresh();
        assertThat(export("/b").fsid()).isEqualTo(fsid);
        assertThat(exports.get().isAwaited(fsid)).isFalse();
        assertThat(export("/a")).isSameAs(a);
    }

    @Test
    void aDirectoryThatWasReplacedIsOpenedAgain(@TempDir Path directory) throws IOException {
        Path served = Files.createDirectory(directory.resolve("served"));
        serve(served + " *");
        exports.refresh();
        assertThat(opened).hasSize(1);
        Files.move(served, directory.resolve("old"));
        exports.refresh();
        assertThat(opened).hasSize(1);
        Files.createDirectory(served);
        exports.refresh();
        exports.refresh();
        assertThat(opened).extracting(f -> f.closed).containsExactly(true, false);
    }

    @Test
    void theInnermostExportCoversAPath() {
        serve("/ *\n/a *\n/a/b *\n/ab *");
        assertThat(exports.get().covering("/a/b/c").orElseThrow().export()).isSameAs(export("/a/b"));
        assertThat(exports.get().covering("/a/bc").orElseThrow().export()).isSameAs(export("/a"));
        assertThat(exports.get().covering("/ab").orElseThrow().export()).isSameAs(export("/ab"));
        assertThat(exports.get().covering("/x").orElseThrow().export()).isSameAs(export("/"));
        serve("/a *");
        assertThat(exports.get().covering("/ab")).isEmpty();
    }

    @Test
    void closingClosesAllAndStaysClosed() {
        serve("/a *\n/b *");
        exports.close();
        assertThat(opened).allSatisfy(f -> assertThat(f.closed).isTrue());
        serve("/a *");
        assertThat(opened).hasSize(2);
        assertThat(exports.get().exports()).isEmpty();
    }

    @Test
    void namesAreAskedAgainAfterAMinute() throws Exception {
        InetAddress client = InetAddress.getByName("10.0.0.1");
        serve("/a host(rw)");
        assertThat(export("/a").optionsFor(client)).isNull();
        names.answer = List.of(client);
        assertThat(export("/a").optionsFor(client)).isNull();
        assertThat(names.asked).isEqualTo(1);
        nanos += Duration.ofSeconds(61).toNanos();
        assertThat(export("/a").optionsFor(client).readOnly()).isFalse();
    }

    @Test
    void withoutTheNameServiceNothingIsDecided() throws Exception {
        InetAddress client = InetAddress.getByName("10.0.0.1");
        serve("/a host(rw) 10.0.0.1(ro)");
        names.dead = true;
        assertThatThrownBy(() -> export("/a").optionsFor(client)).isInstanceOf(NameServiceException.class);
        names.dead = false;
        assertThat(export("/a").optionsFor(client).readOnly()).isTrue();
    }

    @Test
    void decisionsAreBounded() throws Exception {
        serve("/a *");
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = {10, 0, (byte) (i >> 8), (byte) i};
            assertThat(export("/a").optionsFor(InetAddress.getByAddress(bytes))).isNotNull();
        }
        assertThat(export("/a").decisionsCached()).isLessThanOrEqualTo(4096);
    }

    @Test
    void aSlipInALineLeavesItsExportAsItWas() {
        exports.reconcile(parsed("/a 10.0.0.1(rw) *(ro)\n/b *(rw)\n"));
        Export before = exports.get().exports().get(0);
        exports.reconcile(parsed("/a *(ro)\n/a 10.0.0.1(wr)\n/b *(rw)\n"));
        assertThat(exports.get().byFsid(before.fsid())).containsSame(before);
        assertThat(exports.get().exports()).hasSize(2);
        assertThat(opened).hasSize(2);
        assertThat(exports.get().problems()).hasSize(1);
    }

    @Test
    void anExportWithAWrongLineIsAwaitedFromTheStart() {
        long fsid = parsed("/a *(rw)\n").definitions().get(0).fsid();
        exports.reconcile(parsed("/a *(ro)\n/a 10.0.0.1(wr)\n"));
        assertThat(exports.get().exports()).isEmpty();
        assertThat(exports.get().isAwaited(fsid)).isTrue();
        exports.reconcile(parsed("/a *(ro)\n/a 10.0.0.1(rw)\n"));
        assertThat(exports.get().byFsid(fsid)).isPresent();
        assertThat(exports.get().isAwaited(fsid)).isFalse();
    }

    private static ParsedExports parsed(String text) {
        return new ExportsParser().add("exports", text).build();
    }
}
