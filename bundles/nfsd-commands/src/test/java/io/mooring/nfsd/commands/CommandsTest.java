package io.mooring.nfsd.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.nfsd.NfsService;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;

class CommandsTest {
    private final NfsService nfs = new FixedNfs();

    @Test
    void exportsAreListedWithWhatIsRefused() {
        ExportsCommand command = new ExportsCommand();
        command.nfs = nfs;
        assertThat(printed(command::print))
                .contains("/srv/a", "10.0.0.0/8", "rw,sync", "00000000000000ff", "served", "data")
                .contains("exports:3", "refused", "unknown option 'x'");
    }

    @Test
    void exportsOfOnePath() {
        ExportsCommand command = new ExportsCommand();
        command.nfs = nfs;
        command.path = "/srv/b";
        assertThat(printed(command::print)).contains("/srv/b").doesNotContain("/srv/a", "refused");
    }

    @Test
    void jsonHasNullsAndNames() {
        ExportsCommand command = new ExportsCommand();
        command.nfs = nfs;
        command.json = true;
        assertThat(printed(command::print))
                .startsWith("[")
                .contains("\"path\": \"/srv/a\"", "\"reason\": null", "\"path\": null", "\"service\": \"data\"");
    }

    @Test
    void exportsInOrder() throws CommandException {
        CheckExportsCommand command = new CheckExportsCommand();
        command.nfs = nfs;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        command.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo("The exports are in order." + System.lineSeparator());
        bytes.reset();
        command.json = true;
        command.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        assertThat(bytes.toString(StandardCharsets.UTF_8).strip()).isEqualTo("[]");
    }

    @Test
    void problemsOfExportsAreAnError() {
        CheckExportsCommand command = new CheckExportsCommand();
        command.nfs = nfs;
        command.files = List.of("/d");
        command.json = true;
        assertThat(printed(out -> failsWith(command, out, "2 problems")).replaceAll("\\s+", " "))
                .contains("\"file\": \"/d\", \"line\": null, \"reason\": \"there is no such file\"")
                .contains("\"line\": 3");
        command.json = false;
        assertThat(printed(out -> failsWith(command, out, "2 problems"))).contains("/e", "3", "unknown option 'x'");
    }

    private static void failsWith(CheckExportsCommand command, PrintStream out, String message) {
        assertThatThrownBy(() -> command.print(out))
                .isInstanceOf(CommandException.class)
                .hasMessage(message);
    }

    @Test
    void mountsOfOneClient() {
        MountsCommand command = new MountsCommand();
        command.nfs = nfs;
        assertThat(printed(command::print)).contains("10.0.0.7", "10.0.0.8", "1970-01-01T00:00:00Z");
        command.client = "10.0.0.8";
        assertThat(printed(command::print)).contains("10.0.0.8").doesNotContain("10.0.0.7");
    }

    @Test
    void statisticsCountAddressRemovals() {
        StatsCommand command = new StatsCommand();
        command.nfs = nfs;
        command.json = true;
        assertThat(printed(command::print).replaceAll("\\s+", " "))
                .contains("\"counter\": \"addressRemovals\", \"count\": 2,")
                .contains("\"counter\": \"transportsClosed\", \"count\": 5,")
                .contains("\"counter\": \"nfs v3 READ\", \"count\": 10, \"meanMicros\": 12.3");
    }

    @Test
    void argumentsAreCompleted() {
        ExportPathCompleter paths = new ExportPathCompleter();
        paths.nfs = nfs;
        assertThat(paths.paths()).containsExactly("/srv/a", "/srv/b");
        ClientCompleter clients = new ClientCompleter();
        clients.nfs = nfs;
        assertThat(clients.clients()).containsExactly("10.0.0.7", "10.0.0.8");
    }

    private static String printed(Consumer<PrintStream> command) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        command.accept(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static final class FixedNfs implements NfsService {
        @Override
        public List<ExportStatus> exports() {
            return List.of(
                    new ExportStatus(
                            "/srv/a",
                            "10.0.0.0/8",
                            "rw,sync",
                            "00000000000000ff",
                            "exports:1",
                            ExportState.SERVED,
                            null,
                            "data"),
                    new ExportStatus(
                            "/srv/b",
                            "*",
                            "ro,sync",
                            "00000000000000fe",
                            "exports:2",
                            ExportState.UNAVAILABLE,
                            "gone",
                            null),
                    new ExportStatus(
                            null, null, null, null, "exports:3", ExportState.REFUSED, "unknown option 'x'", null));
        }

        @Override
        public List<ExportProblem> checkExports(List<Path> files) {
            if (files.isEmpty()) {
                return List.of();
            }
            return List.of(
                    new ExportProblem(files.get(0).toString(), 0, "there is no such file"),
                    new ExportProblem("/e", 3, "unknown option 'x'"));
        }

        @Override
        public List<MountEntry> mounts() {
            return List.of(
                    new MountEntry("10.0.0.8", "/srv/a", Instant.EPOCH),
                    new MountEntry("10.0.0.7", "/srv/a", Instant.EPOCH));
        }

        @Override
        public NfsStatistics statistics() {
            return new NfsStatistics(2, 5, 1, 0, List.of(new ProcedureCount("nfs", 3, "READ", 10, 12.34)));
        }
    }
}
