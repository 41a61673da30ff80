package io.mooring.vfs.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.posix.Statx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ext4 keeps the order of changes only where it has a journal; ext2 has the same magic and none. */
class FileSystemTypesTest {
    private static final Statx.Device DEVICE = new Statx.Device(254, 1);

    @TempDir
    Path sys;

    private void block(String name) throws IOException {
        Path device =
                Files.createDirectories(sys.resolve("devices/virtio1/block").resolve(name));
        Files.createDirectories(sys.resolve("dev/block"));
        Files.createSymbolicLink(sys.resolve("dev/block/254:1"), device);
    }

    private void ext4(String name, String journalTask) throws IOException {
        Path attributes = Files.createDirectories(sys.resolve("fs/ext4").resolve(name));
        Files.writeString(attributes.resolve("journal_task"), journalTask + "\n");
    }

    private boolean hasJournal() {
        return FileSystemTypes.hasJournal(DEVICE, sys);
    }

    @Test
    void aJournalHasATask() throws IOException {
        block("vda1");
        ext4("vda1", "312");
        assertThat(hasJournal()).isTrue();
        ext4("vda1", "<none>");
        assertThat(hasJournal()).isFalse();
        // In another process namespace.
        ext4("vda1", "0");
        assertThat(hasJournal()).isTrue();
    }

    @Test
    void whatIsNotKnownHasNone() throws IOException {
        assertThat(hasJournal()).isFalse();
        // The driver of ext2 says nothing here.
        block("vda1");
        ext4("vda", "312");
        assertThat(hasJournal()).isFalse();
    }
}
