package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the resource agent makes of what the client says. Neither server nor cluster manager is there. */
class ResourceAgentTest {
    private static final Path AGENT = Path.of("../karaf-assembly/src/main/resources/cluster/mooring");

    private static final int SUCCESS = 0;
    private static final int GENERIC = 1;
    private static final int NOT_RUNNING = 7;

    private static final String FUNCTIONS = """
            OCF_SUCCESS=0 OCF_ERR_GENERIC=1 OCF_ERR_UNIMPLEMENTED=3 OCF_ERR_INSTALLED=5 OCF_ERR_CONFIGURED=6
            OCF_NOT_RUNNING=7
            ocf_exit_reason() { echo "$*"; }
            ocf_log() { :; }
            ocf_is_probe() { [ "$OCF_RESKEY_CRM_meta_interval" = 0 ]; }
            """;
    private static final String STATE = "[ { \"name\": \"state\", \"value\": \"%s\" } ]";

    @TempDir
    private Path directory;

    private Path client;

    @BeforeEach
    void setUp() throws IOException {
        Files.writeString(directory.resolve("ocf-shellfuncs"), FUNCTIONS);
        client = directory.resolve("client");
        clientSays("", 0);
    }

    /** To every command, in the order in which it is asked; to the last one again and again. */
    private void clientSays(Object... wordsAndStatus) throws IOException {
        StringBuilder script = new StringBuilder("""
                echo x >>%1$s.asked
                case $(wc -l <%1$s.asked) in
                """.formatted(client));
        for (int i = 0; i < wordsAndStatus.length; i += 2) {
            String which = i + 2 == wordsAndStatus.length ? "*" : Integer.toString(i / 2 + 1);
            script.append("%s) echo '%s'; exit %s ;;\n".formatted(which, wordsAndStatus[i], wordsAndStatus[i + 1]));
        }
        Files.writeString(client, script + "esac\n");
        Files.deleteIfExists(asked());
    }

    /** A line for each command. */
    private Path asked() {
        return Path.of(client + ".asked");
    }

    private CommandResult call(String action) {
        return call(action, 10_000);
    }

    private CommandResult probe() {
        return call("monitor", 0);
    }

    private CommandResult call(String action, int interval) {
        return HostCommand.of(
                        List.of("env", "OCF_FUNCTIONS_DIR=" + directory, "OCF_RESKEY_CRM_meta_timeout=6000"),
                        "OCF_RESKEY_CRM_meta_interval=" + interval,
                        "OCF_RESKEY_service=data",
                        "OCF_RESKEY_client=sh " + client,
                        "sh",
                        AGENT.toString(),
                        action)
                .run();
    }

    @Test
    void whereNoServerRunsNothingIsHeld() throws IOException {
        clientSays("mooring: no instance runs in /var/lib/mooring", 69);
        assertThat(call("stop").status()).isEqualTo(SUCCESS);
        assertThat(call("monitor").status()).isEqualTo(NOT_RUNNING);
    }

    @Test
    void monitorTellsWhatIsToBeStoppedFromWhatIsNotThere() throws IOException {
        Map<String, Integer> verdicts = Map.of(
                "SERVING",
                SUCCESS,
                "WAITING",
                GENERIC,
                "RELEASING",
                GENERIC,
                "ABSENT",
                NOT_RUNNING,
                "FAILED",
                NOT_RUNNING);
        for (Map.Entry<String, Integer> verdict : verdicts.entrySet()) {
            clientSays(STATE.formatted(verdict.getKey()), 0);
            assertThat(call("monitor").status()).as(verdict.getKey()).isEqualTo(verdict.getValue());
        }
    }

    /** Its shell may be what is broken: it may still serve. */
    @Test
    void aServerThatRunsAndDoesNotAnswerMayHoldEverything() throws IOException {
        for (String words : List.of("Failed to get the session", "Command not found: service:release", "Killed")) {
            clientSays(words, 1);
            CommandResult stop = call("stop");
            assertThat(stop.status()).as(words).isEqualTo(GENERIC);
            assertThat(stop.output()).contains("service data is not released: " + words);
            assertThat(call("monitor").status()).as(words).isEqualTo(GENERIC);
        }
    }

    @Test
    void aServerThatIsStartingIsAskedAgain() throws IOException {
        clientSays("Command not found: service:release", 1, "Command not found: service:status", 1, "released", 0);
        assertThat(call("stop").status()).isEqualTo(SUCCESS);
    }

    /** As failed on this node it would be stopped where it is served, too. */
    @Test
    void aProbeWaitsForAServerThatIsStarting() throws IOException {
        String commands = "Command not found: service:status";
        clientSays("Failed to get the session", 1, commands, 1, STATE.formatted("ABSENT"), 0);
        assertThat(probe().status()).isEqualTo(NOT_RUNNING);
        clientSays("Failed to get the session", 1, commands, 1, STATE.formatted("SERVING"), 0);
        assertThat(probe().status()).isEqualTo(SUCCESS);
        clientSays("Failed to get the session", 1, "mooring: no instance runs in /var/lib/mooring", 69);
        assertThat(probe().status()).isEqualTo(NOT_RUNNING);
        // Whoever was told that it is served here wants to hear at once that it is not.
        clientSays("Failed to get the session", 1, STATE.formatted("SERVING"), 0);
        assertThat(call("monitor").status()).isEqualTo(GENERIC);
    }

    /** It may serve, and its shell be broken: nobody else must be told to serve. */
    @Test
    void aServerThatNeverAnswersIsNotDownToAProbe() throws IOException {
        clientSays("Failed to get the session", 1);
        CommandResult probe = probe();
        assertThat(probe.status()).isEqualTo(GENERIC);
        assertThat(probe.output()).contains("does not say how service data fares: Failed to get the session");
        assertThat(Files.readAllLines(asked())).hasSizeGreaterThan(1);
        // It is not starting.
        clientSays("Killed", 1);
        assertThat(probe().status()).isEqualTo(GENERIC);
        assertThat(Files.readAllLines(asked())).hasSize(1);
    }

    @Test
    void whatTheServerSaysIsBelieved() throws IOException {
        String unknown = "there is no service data; none is declared";
        clientSays(unknown, 1);
        assertThat(call("stop").status()).isEqualTo(SUCCESS);
        assertThat(call("monitor").status()).isEqualTo(NOT_RUNNING);
        clientSays("the service data fails", 1, STATE.formatted("RELEASED"), 0);
        assertThat(call("stop").status()).isEqualTo(SUCCESS);
        clientSays("not yet after 30 s", 1, STATE.formatted("RELEASING"), 0);
        assertThat(call("stop").status()).isEqualTo(GENERIC);
    }
}
