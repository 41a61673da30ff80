package io.mooring.vfs;

import java.nio.file.Path;
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
}
