package io.mooring.nfsd.internal.handle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;

/** The file with the key that signs file handles: 16 random bytes, made once, for nobody else to read. */
public final class HandleKey {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private HandleKey() {}

    /**
     * Reads the key, and makes it first where there is none.
     *
     * @throws IOException the message says which file, and what to do
     */
    public static byte[] readOrCreate(Path file, SecureRandom random) throws IOException {
        if (Files.notExists(file)) {
            create(file, random);
        }
        Set<PosixFilePermission> others = new HashSet<>(Files.getPosixFilePermissions(file));
        others.removeAll(OWNER_ONLY);
        if (!others.isEmpty()) {
            throw new IOException(
                    file
                            + " can be used by others than its owner: chmod 600 it, or remove it (all clients must then mount again)");
        }
        byte[] key = Files.readAllBytes(file);
        if (key.length != SipHash.KEY_BYTES) {
            throw new IOException(file + " has " + key.length + " bytes instead of " + SipHash.KEY_BYTES
                    + ": restore it, or remove it (all clients must then mount again)");
        }
        return key;
    }

    /** Complete and on disk before it has its name: a crash leaves a whole key or none. */
    private static void create(Path file, SecureRandom random) throws IOException {
        Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
        Path draft = Files.createTempFile(directory, "key", null, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            byte[] key = new byte[SipHash.KEY_BYTES];
            random.nextBytes(key);
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(key));
                channel.force(true);
            }
            Files.createLink(file, draft);
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } catch (FileAlreadyExistsException e) {
            // Another instance was faster: its key is the one.
            return;
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
