package io.mooring.lockd.internal.nsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.lockd.internal.nsm.HostStore.List;
import io.mooring.lockd.internal.table.Locking;
import io.mooring.posix.Credentials;
import io.mooring.posix.Scratch;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostStoreTest {
    private static final int NOBODY = 65534;

    @TempDir
    Path directory;

    private final InetAddress client = Locking.address("10.0.0.1");

    private HostStore store() {
        return new HostStore(directory.resolve("state"), Locking.SERVICE);
    }

    private int raiseState() throws IOException {
        int next = store().nextState();
        store().saveState(next);
        return next;
    }

    @Test
    void theStateNumberIsOddAndGrows() throws IOException {
        assertThat(raiseState()).isEqualTo(1);
        assertThat(raiseState()).isEqualTo(3);
        Path file = directory.resolve("state/10.0.0.9/state");
        Files.writeString(file, "8\n");
        assertThat(raiseState()).isEqualTo(11);
        Files.writeString(file, Integer.toString(Integer.MAX_VALUE));
        assertThat(raiseState()).isEqualTo(1);
    }

    @Test
    void aDamagedStateIsAnError() throws IOException {
        raiseState();
        Path file = directory.resolve("state/10.0.0.9/state");
        Files.writeString(file, "x");
        assertThatThrownBy(() -> raiseState()).isInstanceOf(IOException.class).hasMessageContaining(file.toString());
    }

    /** Root may read every directory: then this thread is somebody else for file systems meanwhile. */
    @Test
    void aDirectoryAroundItNeedNotBeReadable() throws IOException {
        // All classes are loaded by then.
        hostsAreReadAgain();
        Path around = Files.createDirectory(directory.resolve("around"));
        Path state = Files.createDirectory(around.resolve("state"));
        boolean root = Credentials.effectiveUid() == 0;
        if (root) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        Files.setPosixFilePermissions(around, PosixFilePermissions.fromString("--x--x--x"));
        HostStore store = new HostStore(state, Locking.SERVICE);
        Scratch scratch = Scratch.mine();
        int assumed = root ? Credentials.assume(NOBODY, NOBODY, new int[0], scratch) : 0;
        boolean readable;
        Map<InetAddress, String> hosts;
        try {
            readable = isReadable(around);
            store.add(List.MONITORED, client, "one");
            hosts = store.read(List.MONITORED);
        } finally {
            if (root) {
                assertThat(Credentials.restore(0, 0, scratch)).isZero();
            }
            Files.setPosixFilePermissions(around, PosixFilePermissions.fromString("rwx------"));
        }
        assertThat(assumed).isZero();
        assertThat(readable).isFalse();
        assertThat(hosts).containsKey(client);
    }

    private static boolean isReadable(Path path) throws IOException {
        try (FileChannel opened = FileChannel.open(path)) {
            return opened.isOpen();
        } catch (AccessDeniedException e) {
            return false;
        }
    }

    @Test
    void hostsAreReadAgain() throws IOException {
        store().add(List.MONITORED, client, "one");
        store().add(List.MONITORED, Locking.address("2001:db8::7"), "six\n");
        store().add(List.NOTIFY, client, "x".repeat(5000));
        assertThat(store().read(List.MONITORED))
                .isEqualTo(Map.of(client, "one", Locking.address("2001:db8::7"), "six?"));
        assertThat(store().read(List.NOTIFY).get(client)).hasSize(1024);
        store().remove(List.MONITORED, client);
        store().remove(List.MONITORED, client);
        assertThat(store().read(List.MONITORED)).hasSize(1);
    }

    @Test
    void otherFilesAreNoHosts() throws IOException {
        store().add(List.MONITORED, client, "one");
        Files.writeString(directory.resolve("state/10.0.0.9/monitored/draft123"), "half");
        Files.writeString(directory.resolve("state/10.0.0.9/monitored/example.org"), "name");
        assertThat(store().read(List.MONITORED)).containsOnlyKeys(client);
    }

    @Test
    void aHostCountsWhateverIsInItsFile() throws IOException {
        store().add(List.MONITORED, client, "one");
        Path monitored = directory.resolve("state/10.0.0.9/monitored");
        Files.write(monitored.resolve("10.0.0.2"), new byte[] {(byte) 0xff});
        Files.createDirectory(monitored.resolve("10.0.0.3"));
        assertThat(store().read(List.MONITORED)).hasSize(3).containsEntry(client, "one");
    }

    @Test
    void nothingIsReadWhereNothingIs() throws IOException {
        assertThat(store().read(List.NOTIFY)).isEmpty();
        assertThat(directory.resolve("state")).doesNotExist();
    }

    @Test
    void nobodyElseMayRead() throws IOException {
        store().add(List.MONITORED, client, "one");
        Path file = directory.resolve("state/10.0.0.9/monitored/10.0.0.1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
    }
}
