package io.mooring.nfsd.internal.scopes;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The directory "nfsd" in a service's state directory, where nfsd keeps what moves with the service. */
final class OwnDirectory {

    private OwnDirectory() {}

    /** It is made where there is none, for its owner only, and survives a crash. */
    static Path in(Path state) throws IOException {
        Path directory = state.resolve("nfsd");
        if (Files.notExists(directory)) {
            try {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                sync(state);
            } catch (IOException e) {
                throw new IOException(directory + " cannot be made: " + e, e);
            }
        }
        return directory;
    }

    /** Its names are on the disk. */
    static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
