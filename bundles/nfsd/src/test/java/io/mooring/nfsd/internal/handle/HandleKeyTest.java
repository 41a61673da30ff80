package io.mooring.nfsd.internal.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandleKeyTest {
    @TempDir
    Path directory;

    private final SecureRandom random = new SecureRandom();

    @Test
    void isMadeOnceForItsOwnerOnly() throws IOException {
        Path file = directory.resolve("nfsd/handle.key");
        byte[] key = HandleKey.readOrCreate(file, random);
        assertThat(key).hasSize(16).isNotEqualTo(new byte[16]);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(HandleKey.readOrCreate(file, random)).isEqualTo(key);
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void ofAWrongLengthIsRefused() throws IOException {
        Path file = directory.resolve("key");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        assertThatThrownBy(() -> HandleKey.readOrCreate(file, random))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("0 bytes instead of 16");
    }

    @Test
    void thatOthersCanReadIsRefused() throws IOException {
        Path file = directory.resolve("key");
        HandleKey.readOrCreate(file, random);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> HandleKey.readOrCreate(file, random))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chmod 600");
    }
}
