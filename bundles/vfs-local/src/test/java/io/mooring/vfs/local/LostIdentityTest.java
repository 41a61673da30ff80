package io.mooring.vfs.local;

import static io.mooring.vfs.local.VfsAssertions.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mooring.posix.Capabilities;
import io.mooring.posix.Credentials;
import io.mooring.posix.PosixException;
import io.mooring.posix.Scratch;
import io.mooring.vfs.Caller;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.VfsException.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thread that cannot get root's identity back must not serve anybody else. */
class LostIdentityTest {
    private static final Caller BOB = new Caller(4002, 4002, new int[] {4100});

    private final TreeOpener opener = new TreeOpener(new DescriptorBudget(100));

    @TempDir
    Path directory;

    private Tree open(String name) throws Exception {
        Path path = Files.createDirectory(directory.resolve(name));
        LocalSettings settings = new LocalSettings(100, 60, true, 1000, 1000);
        return opener.open(path, new FileSystemOptions(false), settings);
    }

    @Test
    void itIsRefusedInEveryTreeAndOthersServeOn() throws Exception {
        assumeTrue(Credentials.effectiveUid() == 0, "only root can take other identities");
        Tree one = open("one");
        Tree other = open("other");
        ExecutorService worker = Executors.newSingleThreadExecutor();
        try {
            worker.submit(() -> lose(one, other)).get(20, TimeUnit.SECONDS);
            other.open(other.root(), Scratch.mine()).close();
            assertThat(other.identity().as(BOB, Scratch.mine(), () -> 7)).isEqualTo(7);
        } finally {
            worker.shutdown();
            one.close();
            other.close();
        }
    }

    private static Void lose(Tree one, Tree other) {
        Scratch scratch = Scratch.mine();
        assertThatThrownBy(() -> one.identity().as(BOB, scratch, LostIdentityTest::dropSetgid))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("root's identity");
        assertStatus(Status.SERVERFAULT, () -> one.identity().as(Caller.ROOT, scratch, () -> 0));
        assertStatus(Status.SERVERFAULT, () -> other.open(other.root(), scratch));
        assertStatus(Status.SERVERFAULT, () -> other.openDirectory(other.root(), scratch));
        return null;
    }

    /** Of this thread only. */
    private static long dropSetgid() {
        try {
            Capabilities.drop(Capabilities.CAP_SETGID);
            return 0;
        } catch (PosixException e) {
            return -e.errno();
        }
    }
}
