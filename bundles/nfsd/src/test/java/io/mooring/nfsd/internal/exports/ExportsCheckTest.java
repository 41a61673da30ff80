package io.mooring.nfsd.internal.exports;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.nfsd.internal.exports.ParsedExports.Problem;
import io.mooring.nfsd.internal.testing.MemoryFileSystem;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportsCheckTest {
    @TempDir
    Path directory;

    private final List<MemoryFileSystem> opened = new ArrayList<>();
    private final ExportPaths paths = new ExportPaths(this::open, OwnFiles.NONE, Duration.ofSeconds(60));
    private final ExportsCheck check = new ExportsCheck(paths, Claims.NONE);

    private FileSystem open(Path root, FileSystemOptions options) throws VfsException {
        if (root.toString().contains("missing")) {
            throw new VfsException(Status.NOENT, "no such directory");
        }
        opened.add(new MemoryFileSystem());
        return opened.get(opened.size() - 1);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private List<String> configured() {
        return text(check.configured(directory.resolve("exports"), directory.resolve("exports.d")));
    }

    private List<String> named(Path... files) {
        return text(check.files(List.of(files)));
    }

    private List<String> text(List<Problem> problems) {
        return problems.stream()
                .map(p -> directory.relativize(Path.of(p.file())) + "|" + p.line() + "|" + p.message())
                .toList();
    }

    @Test
    void eachProblemInTheOrderOfFilesAndLines() throws IOException {
        write("exports", "/a *(fsid=1)\n/missing *\n/b *(oops)\n");
        Files.createDirectory(directory.resolve("exports.d"));
        write("exports.d/x.exports", "# comment\n/c *(fsid=1)\n");
        assertThat(configured())
                .containsExactly(
                        "exports|2|/missing cannot be served: no such directory",
                        "exports|3|unknown option 'oops'",
                        "exports.d/x.exports|2|export /c has the same fsid as /a: give one of them another by fsid=");
    }

    @Test
    void filesOfTheConfigurationMayBeMissing() {
        assertThat(configured()).isEmpty();
    }

    @Test
    void whatIsTheServersOwnIsNamed() throws IOException {
        write("exports", "/srv *\n/srv/mooring/etc *\n");
        OwnFiles own = new OwnFiles(List.of(Path.of("/srv/mooring")), List.of());
        ExportsCheck other = new ExportsCheck(new ExportPaths(this::open, own, Duration.ofSeconds(60)), Claims.NONE);
        assertThat(text(other.configured(directory.resolve("exports"), directory.resolve("exports.d"))))
                .satisfiesExactly(
                        p -> assertThat(p)
                                .startsWith("exports|1|/srv contains /srv/mooring, which is the server's own"),
                        p -> assertThat(p).startsWith("exports|2|/srv/mooring/etc lies in /srv/mooring,"));
        assertThat(opened).isEmpty();
    }

    @Test
    void nothingStaysOpen() throws IOException {
        write("exports", "/a *\n/b *");
        assertThat(configured()).isEmpty();
        assertThat(opened).hasSize(2).allSatisfy(f -> assertThat(f.closed).isTrue());
    }

    @Test
    void filesThatSomebodyNames() throws IOException {
        Path good = write("good.exports", "/a *");
        Path bad = write("bad.exports", "a *");
        assertThat(named(good)).isEmpty();
        assertThat(named(good, bad, directory.resolve("no.exports")))
                .containsExactly("bad.exports|1|'a': a path starts with /", "no.exports|0|there is no such file");
    }

    @Test
    void onlyExportsFilesAreQuoted() throws IOException {
        Path secret = write("shadow", "root:secret");
        Path link = Files.createSymbolicLink(directory.resolve("x.exports"), secret);
        Path folder = Files.createDirectory(directory.resolve("d.exports"));
        String refused = "|0|is not read: an exports file is named 'exports' or '*.exports'";
        assertThat(named(secret, link, folder))
                .containsExactly("shadow" + refused, "x.exports" + refused, "d.exports|0|is no regular file");
    }

    @Test
    void whatIsReadIsBounded() throws IOException {
        Path huge = write("huge.exports", "#".repeat((4 << 20) + 1));
        assertThat(named(huge)).containsExactly("huge.exports|0|is longer than 4194304 bytes");
    }

    @Test
    void whatServicesClaimIsAProblem() throws IOException {
        Claims claims = definition -> definition.path().endsWith("a") ? "/a is a service's" : null;
        write("exports", "/a *\n/b *\n");
        ExportsCheck other = new ExportsCheck(paths, claims);
        assertThat(text(other.configured(directory.resolve("exports"), directory.resolve("exports.d"))))
                .containsExactly("exports|1|/a is a service's");
    }
}
