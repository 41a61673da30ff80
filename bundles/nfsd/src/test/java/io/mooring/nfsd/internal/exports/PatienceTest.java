package io.mooring.nfsd.internal.exports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.nfsd.internal.testing.MemoryFileSystem;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A path that does not answer costs one thread and one wait, and keeps nothing else from being served. */
class PatienceTest {
    private static final Path DEAD = Path.of("/dead");

    private final CountDownLatch alive = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final MemoryFileSystem late = new MemoryFileSystem();
    private final ExportPaths paths = new ExportPaths(this::open, OwnFiles.NONE, Duration.ofSeconds(1));
    private final Exports exports = new Exports(paths, new NoNames(), () -> 0);

    private FileSystem open(Path path, FileSystemOptions options) {
        return path.equals(DEAD) && asked.incrementAndGet() == 1 ? hang(late) : new MemoryFileSystem();
    }

    private <T> T hang(T answer) {
        try {
            assertThat(alive.await(60, TimeUnit.SECONDS)).isTrue();
            return answer;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void close() {
        alive.countDown();
        exports.close();
        paths.close();
    }

    private List<String> served() {
        return exports.get().exports().stream()
                .map(e -> e.definition().path().toString())
                .toList();
    }

    @Test
    void theOthersAreServedAndReloaded() {
        exports.reconcile(new ExportsParser().add("exports", "/a *\n/dead *\n").build());
        assertThat(served()).containsExactly("/a");
        assertThat(exports.get().unavailable())
                .singleElement()
                .satisfies(u -> assertThat(u.reason()).contains("/dead does not answer"));
        exports.refresh();
        exports.refresh();
        exports.reconcile(
                new ExportsParser().add("exports", "/a *\n/dead *\n/b *\n").build());
        assertThat(served()).containsExactly("/a", "/b");
        assertThat(asked).hasValue(1);
    }

    @Test
    void anAnswerThatComesTooLateIsClosedAndThePathAskedAgain() {
        exports.reconcile(new ExportsParser().add("exports", "/dead *\n").build());
        assertThat(served()).isEmpty();
        alive.countDown();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> late.closed);
        exports.refresh();
        assertThat(served()).containsExactly("/dead");
        assertThat(asked).hasValue(2);
    }

    @Test
    void failuresAreToldAsTheyAre() {
        try (Patience patience = new Patience(Duration.ofSeconds(60))) {
            VfsException failure = new VfsException(Status.NOENT, "no such directory");
            assertThatThrownBy(() -> patience.ask(
                            DEAD,
                            () -> {
                                throw failure;
                            },
                            none -> {}))
                    .isSameAs(failure);
            assertThatThrownBy(() -> patience.ask(
                            DEAD,
                            () -> {
                                throw new IllegalStateException("oops");
                            },
                            none -> {}))
                    .isInstanceOf(VfsException.class)
                    .hasMessageContaining("oops");
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
