package io.mooring.lockd.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.lockd.LockService;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;

class CommandsTest {
    private final FixedLocks locks = new FixedLocks();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final Clock clock = Clock.fixed(Instant.ofEpochSecond(65), ZoneOffset.UTC);
    private final List<String> questions = new ArrayList<>();

    private Session session(String answer) {
        return (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(), new Class<?>[] {Session.class}, (proxy, method, args) -> {
                    questions.add((String) args[0]);
                    return answer;
                });
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private ListCommand list() {
        ListCommand command = new ListCommand();
        command.locks = locks;
        command.clock = clock;
        return command;
    }

    @Test
    void locksAreListedWithWhoWaits() {
        list().print(out);
        assertThat(printed())
                .contains("/srv/a", "exclusive", "held", "10.0.0.7", "7@one", "10.0.0.9", "1m05s", "EOF")
                .contains("0001:02", "shared", "waiting", "10.0.0.7 7@one");
    }

    @Test
    void locksOfOneClientOrFile() {
        ListCommand command = list();
        command.client = "10.0.0.8";
        command.print(out);
        assertThat(printed()).contains("8@two").doesNotContain("/srv/a");
        bytes.reset();
        ListCommand other = list();
        other.file = "/srv/a";
        other.print(out);
        assertThat(printed()).contains("/srv/a").doesNotContain("8@two");
    }

    @Test
    void jsonHasNoWordForTheEnd() {
        ListCommand command = list();
        command.json = true;
        command.print(out);
        assertThat(printed()).contains("\"end\": null", "\"age\": 65.0", "\"blockedBy\": null", "\"end\": 9");
    }

    @Test
    void hostsAreListed() {
        HostsCommand command = new HostsCommand();
        command.locks = locks;
        command.json = true;
        command.print(out);
        assertThat(printed().replaceAll("\\s+", " "))
                .contains("\"client\": \"10.0.0.7\"", "\"locks\": 3, \"monitored\": true, \"mayReclaim\": false");
    }

    @Test
    void gracePeriodsAreListed() {
        GraceCommand command = new GraceCommand();
        command.locks = locks;
        command.print(out);
        assertThat(printed()).contains("10.0.0.9", "30.0 s", "2");
    }

    private ReleaseCommand release(String answer) {
        ReleaseCommand command = new ReleaseCommand();
        command.locks = locks;
        command.clock = clock;
        command.session = session(answer);
        return command;
    }

    @Test
    void aReleaseAsksFirst() throws Exception {
        ReleaseCommand command = release("no");
        command.client = "10.0.0.7";
        command.release(out);
        assertThat(questions).hasSize(1);
        assertThat(printed()).contains("/srv/a", "nothing was released");
        assertThat(locks.released).isEmpty();
        ReleaseCommand again = release(" Yes ");
        again.client = "10.0.0.7";
        again.release(out);
        assertThat(printed()).contains("released 1");
        assertThat(locks.released).containsExactly(new LockService.LockFilter("10.0.0.7", null, null, null));
    }

    @Test
    void aClosedSessionIsNoYes() throws Exception {
        ReleaseCommand command = release(null);
        command.client = "10.0.0.7";
        command.release(out);
        assertThat(locks.released).isEmpty();
    }

    @Test
    void oneLockIsReleasedUnasked() throws Exception {
        ReleaseCommand command = release("no");
        command.file = "/srv/a";
        command.owner = "7@one";
        command.start = 0L;
        command.yes = true;
        command.release(out);
        assertThat(questions).isEmpty();
        assertThat(locks.released).containsExactly(new LockService.LockFilter(null, "/srv/a", "7@one", 0L));
    }

    @Test
    void aReleaseMustNameSomethingThatIsThere() {
        assertThatThrownBy(() -> release("yes").release(out))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("--client");
        ReleaseCommand onlyStart = release("yes");
        onlyStart.client = "10.0.0.7";
        onlyStart.start = 0L;
        assertThatThrownBy(() -> onlyStart.release(out)).hasMessageContaining("--start needs");
        ReleaseCommand nothing = release("yes");
        nothing.client = "10.9.9.9";
        assertThatThrownBy(() -> nothing.release(out)).hasMessageContaining("no such lock");
        assertThat(locks.released).isEmpty();
    }

    @Test
    void argumentsAreCompleted() {
        ClientCompleter clients = new ClientCompleter();
        clients.locks = locks;
        assertThat(clients.clients()).containsExactly("10.0.0.7", "10.0.0.8");
        FileCompleter files = new FileCompleter();
        files.locks = locks;
        assertThat(files.files()).containsExactly("/srv/a", "0001:02");
        OwnerCompleter owners = new OwnerCompleter();
        owners.locks = locks;
        assertThat(owners.owners()).containsExactly("7@one", "8@two");
    }

    private static final class FixedLocks implements LockService {
        final List<LockFilter> released = new ArrayList<>();

        private final List<LockEntry> entries = List.of(
                new LockEntry(
                        "/srv/a",
                        "0001:01",
                        0,
                        null,
                        true,
                        "10.0.0.7",
                        "7@one",
                        "10.0.0.9",
                        Instant.EPOCH,
                        false,
                        null),
                new LockEntry(
                        null,
                        "0001:02",
                        5,
                        9L,
                        false,
                        "10.0.0.8",
                        "8@two",
                        "10.0.0.9",
                        Instant.EPOCH,
                        true,
                        "10.0.0.7 7@one"));

        @Override
        public List<LockEntry> locks(LockFilter filter) {
            return entries.stream().filter(filter::matches).toList();
        }

        @Override
        public int release(LockFilter filter) {
            released.add(filter);
            return locks(filter).size();
        }

        @Override
        public List<HostEntry> hosts() {
            return List.of(new HostEntry("10.0.0.7", "10.0.0.9", "one", 3, true, false, true));
        }

        @Override
        public List<GraceEntry> grace() {
            return List.of(new GraceEntry("10.0.0.9", 3, Duration.ofSeconds(30), 2));
        }
    }
}
