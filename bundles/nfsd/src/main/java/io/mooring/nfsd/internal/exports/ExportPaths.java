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
import java.util.List;

/** What is asked of the paths of exports. Thread-safe: immutable. */
public final class ExportPaths {
    private final FileSystemProvider provider;
    private final OwnFiles own;

    public ExportPaths(FileSystemProvider provider, OwnFiles own) {
        this.provider = provider;
        this.own = own;
    }

    /** Why this must not be exported; null: it may be. */
    String refusal(Path path) {
        return own.refusal(path);
    }

    FileSystem open(ExportDefinition definition) throws VfsException {
        return provider.open(definition.path(), new FileSystemOptions(definition.sync()));
    }

    /** Opens the tree of exactly this mount. */
    FileSystem open(MountPoint mount, FileSystemOptions options) throws VfsException {
        return provider.open(mount, options);
    }

    List<MountPoint> mountPoints() throws VfsException {
        return provider.mountPoints();
    }

    /** What names the directory on this host; null where it is not there. */
    Object directory(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    /** Without symbolic links, where it is there. */
    Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }
}
