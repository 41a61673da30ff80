package io.mooring.nfsd.internal.scopes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.nfsd.internal.exports.ExportPaths;
import io.mooring.nfsd.internal.exports.Exports;
import io.mooring.nfsd.internal.exports.OwnFiles;
import io.mooring.nfsd.internal.testing.MemoryFileSystem;
import io.mooring.nfsd.internal.testing.NfsKit;
import io.mooring.vfs.service.ServiceDeclaration;
import io.mooring.vfs.service.ServiceParticipant;
import io.mooring.vfs.service.ServiceParticipant.Mooring;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Declarations that are wrong, each told in one line. */
class DeclarationsTest {
    private static final InetAddress DATA = NfsKit.address("10.0.0.50");
    private static final InetAddress HOME = NfsKit.address("10.0.0.51");

    @TempDir
    Path top;

    private final NfsKit kit = new NfsKit("/plain *(rw)\n/fsid *(fsid=77)");
    private Path state;

    @BeforeEach
    void moorOne() throws IOException {
        top = top.toRealPath();
        state = Files.createDirectories(top.resolve("state"));
        kit.moor("data", DATA, state, "/data *(rw)", "/more *(fsid=9)");
    }

    private void refused(String name, InetAddress address, Path directory, String export, String... message) {
        assertThatThrownBy(() -> kit.moor(name, address, directory, export))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains(message)
                .doesNotContain("\n");
        assertThat(kit.services.list()).hasSize(1);
    }

    private void homeRefused(String export, String... message) {
        refused("home", HOME, top.resolve("home"), export, message);
    }

    @Test
    void exportsThatDoNotParse() {
        homeRefused("/home *(wr)", "home.cfg:1: unknown option 'wr'");
        homeRefused("# nothing", "home.cfg: service home has no exports");
    }

    @Test
    void lineNumbersAreThoseOfTheExports() {
        assertThatThrownBy(() -> kit.moor("home", HOME, top.resolve("home"), "/home *", "/home2 *(wr)"))
                .hasMessageStartingWith("home.cfg:2: ");
        assertThatThrownBy(() -> kit.moor("home", HOME, top.resolve("home"), "/x *(fsid=5)", "/y *(fsid=5)"))
                .hasMessageStartingWith("home.cfg:2: export /y has the same fsid as /x");
    }

    @Test
    void anExportThatGivesTheStateAway() throws IOException {
        Path home = Files.createDirectories(top.resolve("home"));
        homeRefused(top + " *", top + " contains " + home, "the state directory of service home", "home.cfg:1");
        homeRefused(home + " *", home + " is " + home);
        homeRefused(home.resolve("x") + " *", "x lies in " + home);
        Path link = Files.createSymbolicLink(top.resolve("link"), home);
        refused("home", HOME, link, home + " *", home + " is " + link);
        Path outside = Files.createDirectories(top.resolve("outside"));
        Path way = Files.createSymbolicLink(outside.resolve("way"), top);
        homeRefused(way + " *", way + " contains " + home);
    }

    @Test
    void anExportThatGivesAnotherServicesStateAway() {
        homeRefused(state + " *", state + " is " + state, "the state directory of service data");
        homeRefused(state.resolve("x") + " *", "x lies in " + state);
        refused("home", HOME, Path.of("/data/state"), "/home *", "/data contains /data/state", "data.cfg:1");
    }

    @Test
    void twoServicesWithTheSame() {
        refused("data", HOME, top.resolve("home"), "/home *", "there is a service data already");
        refused("home", DATA, top.resolve("home"), "/home *", "home and data have the same address 10.0.0.50");
        refused("home", HOME, state, "/home *", "state directory " + state, "home is " + state, "service data");
        refused("home", HOME, state.resolve("x"), "/home *", "lies in " + state);
        homeRefused("/data *", "/data is /data, an export of service data (data.cfg:1)");
        homeRefused("/data/x *", "/data/x lies in /data");
        homeRefused("/home *(fsid=9)", "/home has the fsid of /more, an export of service data (data.cfg:2)");
    }

    @Test
    void whatIsTheServersOwn() {
        ExportPaths paths = new ExportPaths(
                (root, options) -> new MemoryFileSystem(),
                new OwnFiles(List.of(top.resolve("instance")), List.of()),
                Duration.ofSeconds(60));
        try (Exports files = new Exports(paths, null, System::nanoTime);
                MooredServices services = new MooredServices(paths, () -> files, System::nanoTime)) {
            ServiceParticipant participant = new NfsParticipant(services, files);
            String export = top.resolve("instance/data") + " *";
            ServiceDeclaration wrong =
                    new ServiceDeclaration("home", List.of(HOME), List.of(export), "home.cfg", top.resolve("home"));
            assertThatThrownBy(() -> participant.moor(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the server's own");
        }
    }

    @Test
    void whoIsClosedIsInNobodysWay() {
        Mooring home = kit.moor("home", HOME, top.resolve("home"), "/home *");
        home.close();
        kit.moor("other", HOME, top.resolve("home"), "/home *");
        assertThat(kit.services.list()).extracting(MooredServices.Listed::name).containsExactly("data", "other");
    }

    private List<String> served() {
        return kit.exports.get().exports().stream()
                .map(export -> export.definition().path().toString())
                .toList();
    }

    /** Which one comes first must not decide: the service is the same on every node, the files need not be. */
    @Test
    void theExportsFilesGiveWay() {
        kit.moor("home", HOME, top.resolve("home"), "/plain/below *", "/other *(fsid=77)");
        assertThat(served()).isEmpty();
        assertThat(kit.fileSystem("/plain").closed).isTrue();
        kit.export("/good *\n/other *\n" + state.resolve("x") + " *\n/data *");
        assertThat(served()).containsExactly("/good");
        assertThat(kit.exports.get().problems())
                .extracting(problem -> problem.line() + " " + problem.message())
                .satisfiesExactly(
                        line -> assertThat(line).contains("2 /other is /other", "service home (home.cfg:2)"),
                        line -> assertThat(line).contains("lies in " + state, "state directory of service data"),
                        line -> assertThat(line).contains("4 /data is /data", "service data (data.cfg:1)"));
    }

    @Test
    void theyAreServedAgainWhenTheServiceIsGone() {
        Mooring home = kit.moor("home", HOME, top.resolve("home"), "/plain *");
        assertThat(served()).containsExactly("/fsid");
        home.close();
        kit.exports.refresh();
        assertThat(served()).containsExactly("/fsid");
        kit.later = Duration.ofSeconds(61);
        kit.exports.refresh();
        assertThat(served()).containsExactly("/plain", "/fsid");
        assertThat(kit.exports.get().problems()).isEmpty();
    }
}
