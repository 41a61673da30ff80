package io.mooring.vfs;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Opens directory trees as file systems; an OSGi service. Thread-safe. */
@ProviderType
public interface FileSystemProvider {

    /**
     * Opens the tree below {@code root}.
     *
     * @throws VfsException NOENT or NOTDIR where it is no directory; the message says what to change
     */
    FileSystem open(Path root, FileSystemOptions options) throws VfsException;

    /** Where file systems are mounted on this host now, those that others hide included. */
    default List<MountPoint> mountPoints() throws VfsException {
        return List.of();
    }

    /**
     * Opens the tree of exactly this mount.
     *
     * @throws VfsException NOENT where its path leads to another one
     */
    default FileSystem open(MountPoint mount, FileSystemOptions options) throws VfsException {
        return open(mount.path(), options);
    }
}
