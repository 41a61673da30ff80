package io.mooring.nfsd.internal.exports;

import io.mooring.vfs.FileSystem;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.FileSystemProvider;
import io.mooring.vfs.MountPoint;
import io.mooring.vfs.VfsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;

/**
 * What is asked of the paths of exports, which may be on file systems that do not answer: nothing here blocks for long.
 * Thread-safe.
 */
public final class ExportPaths implements AutoCloseable {
    private final FileSystemProvider provider;
    private final OwnFiles own;
    private final Patience patience;

    /**
     * Asks with patience.
     *
     * @param limit how long a path may take to answer
     */
    public ExportPaths(FileSystemProvider provider, OwnFiles own, Duration limit) {
        this.provider = provider;
        this.own = own;
        this.patience = new Patience(limit);
    }

    /** Why this must not be exported, whoever wants it; null: it may be. */
    public String refusal(Path path) throws VfsException {
        return patience.ask(path, () -> own.refusal(path), late -> {});
    }

    FileSystem open(ExportDefinition definition) throws VfsException {
        Path path = definition.path();
        FileSystemOptions options = new FileSystemOptions(definition.sync());
        return patience.ask(path, () -> provider.open(path, options), FileSystem::close);
    }

    /** Opens the tree of exactly this mount. */
    FileSystem open(MountPoint mount, FileSystemOptions options) throws VfsException {
        return patience.ask(mount.path(), () -> provider.open(mount, options), FileSystem::close);
    }

    List<MountPoint> mountPoints() throws VfsException {
        return provider.mountPoints();
    }

    /** What names the directory on this host; null where that is not known: it is not there, or does not answer. */
    Object directory(Path path) {
        return known(
                path,
                () -> Files.readAttributes(path, BasicFileAttributes.class).fileKey(),
                null);
    }

    /** Without symbolic links, as far as that is known. */
    public Path real(Path path) {
        return known(path, () -> OwnFiles.real(path), path);
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private <T> T known(Path path, Reading<T> reading, T otherwise) {
        try {
            return patience.ask(path, () -> readOr(reading, otherwise), late -> {});
        } catch (VfsException e) {
            return otherwise;
        }
    }

    private static <T> T readOr(Reading<T> reading, T otherwise) {
        try {
            return reading.read();
        } catch (IOException e) {
            return otherwise;
        }
    }

    @Override
    public void close() {
        patience.close();
    }
}
