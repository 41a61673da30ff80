package io.mooring.vfs;

import org.osgi.annotation.versioning.ProviderType;

/** What a {@link FileSystem} may also be: one whose files can be locked, seen by other processes. Thread-safe. */
@ProviderType
public interface LockableFiles {

    /**
     * Opens the file for locking, for reading and writing where the file system allows it, as the server itself.
     *
     * @throws VfsException STALE where it is gone, INVAL where it is no regular file
     */
    FileLocks openLocks(FileId file) throws VfsException;

    /**
     * Where the file is on this host now, for people.
     *
     * @return one of its paths; null where none is known
     */
    String path(FileId file) throws VfsException;
}
