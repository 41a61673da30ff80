package io.mooring.lockd.internal.nsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.lockd.internal.nsm.HostStore.List;
import io.mooring.lockd.internal.table.Locking;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostStoreTest {
    @TempDir
    Path directory;

    private final InetAddress client = Locking.address("10.0.0.1");

    private HostStore store() {
        return new HostStore(directory.resolve("state"), Locking.SERVICE);
    }

    @Test
    void theStateNumberIsOddAndGrows() throws IOException {
        assertThat(store().raiseState()).isEqualTo(1);
        assertThat(store().raiseState()).isEqualTo(3);
        Path file = directory.resolve("state/10.0.0.9/state");
        Files.writeString(file, "8\n");
        assertThat(store().raiseState()).isEqualTo(11);
        Files.writeString(file, Integer.toString(Integer.MAX_VALUE));
        assertThat(store().raiseState()).isEqualTo(1);
    }

    @Test
    void aDamagedStateIsAnError() throws IOException {
        store().raiseState();
        Path file = directory.resolve("state/10.0.0.9/state");
        Files.writeString(file, "x");
        assertThatThrownBy(() -> store().raiseState())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
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
