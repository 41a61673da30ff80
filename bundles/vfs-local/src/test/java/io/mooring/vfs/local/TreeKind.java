package io.mooring.vfs.local;

import io.mooring.posix.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Where a tree lies and how its objects are found: every operation must behave alike. */
enum TreeKind {
    DISK_BY_HANDLE(Path.of("target"), false),
    DISK_BY_INDEX(Path.of("target"), true),
    MEMORY_BY_HANDLE(Path.of("/dev/shm"), false),
    MEMORY_BY_INDEX(Path.of("/dev/shm"), true);

    private final Path place;
    private final boolean index;

    TreeKind(Path place, boolean index) {
        this.place = place;
        this.index = index;
    }

    boolean index() {
        return index;
    }

    Path makeDirectory() throws IOException {
        Assumptions.assumeTrue(index || Credentials.effectiveUid() == 0, "open_by_handle_at needs root");
        Assumptions.assumeTrue(Files.isDirectory(place) && Files.isWritable(place), () -> place + " is not there");
        return Files.createTempDirectory(place.toAbsolutePath(), "tree");
    }
}
