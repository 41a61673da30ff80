package io.mooring.failover.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.failover.FailoverService;
import io.mooring.failover.ServiceStatus;
import io.mooring.failover.ServiceStatus.Counters;
import io.mooring.failover.ServiceStatus.Ownership;
import io.mooring.failover.ServiceStatus.State;
import io.mooring.failover.TakeOver;
import io.mooring.failover.TakeOver.ClientBack;
import io.mooring.failover.TakeOver.Phase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;

class CommandsTest {
    private final FixedServices failover = new FixedServices();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8).replaceAll("[│|]", "|").replaceAll("[ ]+", " ");
    }

    private StatusCommand status(String name, boolean json) {
        StatusCommand command = new StatusCommand();
        command.failover = failover;
        command.name = name;
        command.json = json;
        return command;
    }

    private ReleaseCommand release(String name) {
        ReleaseCommand command = new ReleaseCommand();
        command.failover = failover;
        command.name = name;
        return command;
    }

    private TakeCommand take(String name) {
        TakeCommand command = new TakeCommand();
        command.failover = failover;
        command.name = name;
        return command;
    }

    @Test
    void servicesAreListed() {
        ListCommand.print(failover, out, false);
        assertThat(printed()).contains("data", "SERVING", "127.0.0.5", "true", "broken", "REFUSED", "exports is empty");
    }

    @Test
    void scriptsGetJson() {
        ListCommand.print(failover, out, true);
        assertThat(printed())
                .contains("\"service\": \"data\"", "\"state\": \"SERVING\"", "\"here\": true", "\"connections\": 7");
    }

    @Test
    void aStatusOfNoneInParticularIsTheList() throws Exception {
        status(null, false).print(out);
        assertThat(printed()).contains("data", "broken", "SERVING");
    }

    @Test
    void aStatusHasThePhasesAndWhoIsBack() throws Exception {
        status("data", false).print(out);
        assertThat(printed())
                .contains("export | /srv *(rw)", "owner | nodeA", "epoch | 4")
                .contains("phase | lockd | 12.0 ms", "127.0.0.7 nfsd | 31.0 ms", "127.0.0.8 nfsd | not yet");
    }

    @Test
    void aStatusForScriptsHasSecondsAndNulls() throws Exception {
        status("data", true).print(out);
        assertThat(printed().replaceAll("\\s+", " "))
                .contains("\"part\": \"phase\", \"name\": \"lockd\", \"value\": 0.012")
                .contains("\"name\": \"127.0.0.8 nfsd\", \"value\": null");
    }

    @Test
    void aRefusedServiceHasAStatusToo() throws Exception {
        status("broken", false).print(out);
        assertThat(printed()).contains("REFUSED", "exports is empty");
        assertThatThrownBy(() -> status("none", false).print(out))
                .isInstanceOf(CommandException.class)
                .hasMessage("there is no service none");
    }

    @Test
    void releaseAndTakeWaitUntilItIsDone() throws Exception {
        failover.outcome.complete(null);
        release("data").release(out);
        take("data").take(out);
        assertThat(failover.asked).containsExactly("release data", "take data");
        assertThat(printed()).contains("data is released", "data is served");
    }

    @Test
    void theySayWhyTheyFail() {
        assertThatThrownBy(() -> take("none").take(out))
                .isInstanceOf(CommandException.class)
                .hasMessage("there is no service none");
        failover.outcome.completeExceptionally(new IOException("/state has a newer format"));
        assertThatThrownBy(() -> take("data").take(out))
                .isInstanceOf(CommandException.class)
                .hasMessage("data: /state has a newer format");
    }

    @Test
    void theyDoNotWaitForEver() {
        ReleaseCommand command = release("data");
        command.wait = 0;
        assertThatThrownBy(() -> command.release(out))
                .isInstanceOf(CommandException.class)
                .hasMessage("data: not yet after 0 s, it goes on: SERVING");
    }

    @Test
    void namesAreCompleted() {
        ServiceCompleter completer = new ServiceCompleter();
        completer.failover = failover;
        assertThat(completer.names()).containsExactly("broken", "data");
    }

    private static final class FixedServices implements FailoverService {
        final CompletableFuture<Void> outcome = new CompletableFuture<>();
        final List<String> asked = new ArrayList<>();

        private static InetAddress loopback(int last) {
            try {
                return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public List<ServiceStatus> services() {
            TakeOver takeOver = new TakeOver(
                    Instant.EPOCH,
                    List.of(new Phase("state", Duration.ofMillis(3)), new Phase("lockd", Duration.ofMillis(12))),
                    List.of(
                            new ClientBack(loopback(7), "nfsd", Duration.ofMillis(31)),
                            new ClientBack(loopback(8), "nfsd", null)));
            return List.of(
                    new ServiceStatus(
                            "broken",
                            State.REFUSED,
                            Instant.EPOCH,
                            "exports is empty",
                            List.of(),
                            List.of(),
                            List.of(),
                            null,
                            null,
                            null,
                            new Counters(0, 0, 0, 0, 0, 0, 0, 0)),
                    new ServiceStatus(
                            "data",
                            State.SERVING,
                            Instant.EPOCH,
                            "",
                            List.of(loopback(5)),
                            List.of(loopback(5)),
                            List.of("/srv *(rw)"),
                            Path.of("/state"),
                            new Ownership("nodeA", 4, 1 << 20, true),
                            takeOver,
                            new Counters(1, 2, 3, 4, 5, 6, 7, 8)));
        }

        @Override
        public CompletableFuture<Void> take(String name) {
            return begin("take ", name);
        }

        @Override
        public CompletableFuture<Void> release(String name) {
            return begin("release ", name);
        }

        private CompletableFuture<Void> begin(String what, String name) {
            if (!name.equals("data")) {
                throw new IllegalArgumentException("there is no service " + name);
            }
            asked.add(what + name);
            return outcome;
        }
    }
}
