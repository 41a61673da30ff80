package io.mooring.failover.internal.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mooring.failover.internal.state.OwnedState.Settings;
import io.mooring.failover.internal.state.StateException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose a state directory is. */
class OwnedStateTest {
    private static final long BYTES = 128 << 10;
    private static final Settings PLAIN = new Settings(BYTES, true, false, "node-a");
    private static final Settings FORCED = new Settings(BYTES, true, true, "node-b");

    @TempDir
    Path parent;

    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createDirectory(parent.resolve("state"));
    }

    private OwnedState take() throws StateException {
        return OwnedState.take(directory, "data", PLAIN);
    }

    private StateException refusal(String service, Settings settings) {
        StateException e = catchThrowableOfType(
                StateException.class,
                () -> OwnedState.take(directory, service, settings).close());
        assertThat(e).isNotNull();
        assertThat(e.getMessage()).startsWith(directory.toString()).doesNotContain("\n");
        return e;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> replay(OwnedState state) {
        List<String> texts = new ArrayList<>();
        state.journal("lockd").replay(record -> texts.add(new String(record, StandardCharsets.UTF_8)));
        return texts;
    }

    @Test
    void anEmptyDirectoryIsTakenAndKeptFromOthersEyes() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (OwnedState state = take()) {
            assertThat(state.complete()).isTrue();
            assertThat(state.epoch()).isEqualTo(1);
            assertThat(state.isStillMine()).isTrue();
            assertThat(state.directory()).isEqualTo(directory);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        try (var files = Files.list(directory)) {
            List<Path> all = files.toList();
            assertThat(all)
                    .extracting(file -> file.getFileName().toString())
                    .containsExactlyInAnyOrder("service", "owner", "epoch", "journal.0", "journal.1");
            for (Path file : all) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
            }
        }
        assertThat(Files.readString(directory.resolve("service"))).isEqualTo("format=1\nservice=data\n");
    }

    @Test
    void whatWasWrittenComesBack() throws Exception {
        try (OwnedState state = take()) {
            state.journal("lockd").append(bytes("one"));
            state.journal("lockd").durable().get(60, TimeUnit.SECONDS);
            assertThat(state.stream("replies").write(bytes("reply"))).isTrue();
            state.flush();
        }
        try (OwnedState state = take()) {
            assertThat(state.complete()).isTrue();
            assertThat(state.epoch()).isEqualTo(2);
            assertThat(replay(state)).containsExactly("one");
        }
    }

    @Test
    void oneAtATimeHasIt() throws Exception {
        try (OwnedState state = take()) {
            StateException e = refusal("data", PLAIN);
            assertThat(e.kind()).isEqualTo(Kind.OWNED);
            assertThat(e)
                    .hasMessageContaining(
                            "node node-a, pid " + ProcessHandle.current().pid() + ", since 20");
            assertThat(state.isStillMine()).isTrue();
        }
        take().close();
    }

    @Test
    void whoIsForcedOutKnowsIt() throws Exception {
        OwnedState loser = take();
        assertThat(loser.stream("lockd").write(bytes("one"))).isTrue();
        try (OwnedState taker = OwnedState.take(directory, "data", FORCED)) {
            assertThat(taker.epoch()).isEqualTo(loser.epoch() + 1);
            assertThat(loser.isStillMine()).isFalse();
            assertThat(taker.isStillMine()).isTrue();
            assertThat(taker.complete()).isTrue();
            assertThat(replay(taker)).containsExactly("one");
            loser.stream("lockd").write(bytes("late"));
            loser.close();
            assertThat(taker.isStillMine()).isTrue();
            // It has got the lock by now.
            assertThat(refusal("data", PLAIN)).hasMessageContaining("node-b");
            taker.journal("lockd").append(bytes("two"));
        }
        try (OwnedState state = take()) {
            assertThat(replay(state)).containsExactly("one", "two");
            assertThat(state.complete()).isTrue();
        }
    }

    @Test
    void itIsLostWithItsDirectory() throws Exception {
        try (OwnedState state = take()) {
            Path elsewhere = Files.move(directory, parent.resolve("elsewhere"));
            assertThat(state.isStillMine()).isFalse();
            Files.createDirectory(directory);
            assertThat(state.isStillMine()).isFalse();
            Files.delete(directory);
            Files.move(elsewhere, directory);
            assertThat(state.isStillMine()).isTrue();
            Files.writeString(directory.resolve("owner"), "node other\n");
            assertThat(state.isStillMine()).isFalse();
        }
    }

    /** As when there are no descriptors left, or its storage fails for a moment. */
    @Test
    void whatCannotBeReadIsNotAnothers() throws Exception {
        try (OwnedState state = take()) {
            for (String name : List.of("owner", "epoch")) {
                Path file = directory.resolve(name);
                Path away = Files.move(file, parent.resolve(name));
                Files.createSymbolicLink(file, away);
                assertThatIOException().isThrownBy(state::isStillMine).withMessageContaining("openat");
                Files.delete(file);
                assertThat(state.isStillMine()).as("it is gone").isFalse();
                Files.move(away, file);
                assertThat(state.isStillMine()).isTrue();
            }
        }
    }

    @Test
    void closedItIsNobodys() throws Exception {
        OwnedState state = take();
        state.close();
        state.close();
        assertThat(state.isStillMine()).isFalse();
        assertThat(state.stream("lockd").write(bytes("late"))).isFalse();
    }

    @Test
    void oneThatIsNotThereIsMissing() throws Exception {
        Files.delete(directory);
        StateException e = refusal("data", PLAIN);
        assertThat(e.kind()).isEqualTo(Kind.MISSING);
        assertThat(e).hasMessageContaining("is not there: mount its file system, or make it");
    }

    @Test
    void aFileIsNoDirectory() throws Exception {
        Files.delete(directory);
        Files.createFile(directory);
        StateException e = refusal("data", PLAIN);
        assertThat(e.kind()).isEqualTo(Kind.REFUSED);
        assertThat(e).hasMessageContaining("is not a directory");
    }

    @Test
    void anotherServicesIsRefused() throws Exception {
        take().close();
        StateException e = refusal("other", FORCED);
        assertThat(e.kind()).isEqualTo(Kind.REFUSED);
        assertThat(e).hasMessageContaining("belongs to the service data, not to other");
        try (OwnedState state = take()) {
            assertThat(state.epoch()).as("it was not touched").isEqualTo(2);
        }
    }

    @Test
    void aNewerFormatIsRefused() throws Exception {
        take().close();
        Files.writeString(directory.resolve("service"), "format=2\nservice=data\n");
        assertThat(refusal("data", PLAIN))
                .hasMessageContaining("newer format 2")
                .satisfies(this::isRefused);
        Files.writeString(directory.resolve("service"), "\\u12");
        assertThat(refusal("data", PLAIN)).hasMessageContaining("damaged").satisfies(this::isRefused);
    }

    private void isRefused(StateException e) {
        assertThat(e.kind()).isEqualTo(Kind.REFUSED);
    }

    @Test
    void whatIsFullOfOtherThingsIsLeftAlone() throws Exception {
        Files.createFile(directory.resolve("thesis.txt"));
        assertThat(refusal("data", PLAIN)).hasMessageContaining("is not empty").satisfies(this::isRefused);
        assertThat(directory).isDirectoryNotContaining("glob:**/owner");
    }

    @Test
    void whatIsNoPlainFileIsRefused() throws Exception {
        Path epoch = directory.resolve("epoch");
        Files.createSymbolicLink(epoch, parent.resolve("elsewhere"));
        assertThat(refusal("data", PLAIN))
                .hasMessageContaining("not a plain file")
                .satisfies(this::isRefused);
        Files.delete(epoch);
        Files.createDirectory(epoch);
        assertThat(refusal("data", PLAIN))
                .hasMessageContaining("not a plain file")
                .satisfies(this::isRefused);
    }

    @Test
    void anEpochThatIsNoNumberIsRefused() throws Exception {
        take().close();
        Files.writeString(directory.resolve("epoch"), "x");
        assertThat(refusal("data", PLAIN)).hasMessageContaining("no number").satisfies(this::isRefused);
    }

    @Test
    void someoneElsesIsRefused() throws Exception {
        Assumptions.assumeTrue(
                (int) Files.getAttribute(directory, "unix:uid") == 0, "only root can give a directory away");
        Files.setAttribute(directory, "unix:uid", 4711);
        assertThat(refusal("data", PLAIN))
                .hasMessageContaining("belongs to uid 4711")
                .satisfies(this::isRefused);
    }

    @Test
    void journalsThatAreGoneAreNoticed() throws Exception {
        take().close();
        Files.delete(directory.resolve("journal.0"));
        Files.delete(directory.resolve("journal.1"));
        try (OwnedState state = take()) {
            assertThat(state.complete()).isFalse();
            state.markComplete();
        }
        try (OwnedState state = take()) {
            assertThat(state.complete()).isTrue();
        }
    }

    @Test
    void anInterruptedFirstTakeIsRepeated() throws Exception {
        take().close();
        Files.delete(directory.resolve("service"));
        Files.createFile(directory.resolve("journal.new"));
        Files.delete(directory.resolve("journal.1"));
        try (OwnedState state = take()) {
            assertThat(state.complete()).isTrue();
        }
        assertThat(directory.resolve("service")).exists();
    }

    @Test
    void aFullFileSystemIsRefusedAtFirst() throws Exception {
        try (TestMount mount = new TestMount(directory, "size=200k")) {
            Settings large = new Settings(16 << 20, true, false, "node-a");
            assertThat(refusal("data", large)).hasMessageContaining("no room").satisfies(this::isRefused);
            try (OwnedState state = OwnedState.take(directory, "data", new Settings(64 << 10, true, false, "node-a"))) {
                assertThat(state.complete()).isTrue();
            }
            assertThat(mount.unmount()).isTrue();
        }
    }

    @Test
    void aFileSystemThatBecameFullIsNot() throws Exception {
        try (TestMount mount = new TestMount(directory, "size=400k")) {
            take().close();
            fill(parent.resolve("state/service.d"));
            for (int i = 0; i < 3; i++) {
                try (OwnedState state = take()) {
                    assertThat(state.epoch()).isEqualTo(i + 2);
                    assertThat(state.complete()).isTrue();
                    assertThat(replay(state)).hasSize(30 * i);
                    for (int n = 0; n < 30; n++) {
                        assertThat(state.stream("lockd").write(new byte[500])).isTrue();
                    }
                    state.flush();
                }
            }
            assertThat(mount.unmount()).isTrue();
        }
    }

    private static void fill(Path file) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1000; i++) {
                            out.write(new byte[4096]);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aReadOnlyFileSystemIsRefusedAndLost() throws Exception {
        try (TestMount mount = new TestMount(directory, "size=1m")) {
            take().close();
            mount.remount("ro");
            assertThat(refusal("data", PLAIN)).hasMessageContaining("read-only").satisfies(this::isRefused);
        }
    }

    @Test
    void aFileSystemThatIsMountedOverItIsNotTheSame() throws Exception {
        try (OwnedState state = take();
                TestMount mount = new TestMount(directory, "size=1m")) {
            assertThat(state.isStillMine()).isFalse();
            assertThat(mount.unmount()).isTrue();
            assertThat(state.isStillMine()).isTrue();
        }
    }
}
