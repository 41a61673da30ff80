package io.mooring.vfs;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One open file description of a file, and the locks that it has: on Linux open-file-description locks (fcntl(2)), which
 * processes of this host, and on a cluster file system those of other nodes, see. It belongs to whoever opened it, and stays
 * when the file system that made it is closed. Ranges are as in fcntl: a start from 0, and the last byte included, {@link
 * Long#MAX_VALUE} for the end of the file. Not thread-safe. Nothing here waits for a lock.
 */
@ProviderType
public interface FileLocks extends AutoCloseable {

    /**
     * Locks the whole range in this way, however parts of it were locked before.
     *
     * @return false where another has a lock in the way; then nothing changed
     * @throws VfsException NOTSUPP where the file system has no locks, or none of this kind for this file; others where it
     *     failed
     */
    boolean lock(long start, long end, boolean exclusive) throws VfsException;

    void unlock(long start, long end) throws VfsException;

    /** Whose lock would be in the way. */
    Optional<ForeignLock> test(long start, long end, boolean exclusive) throws VfsException;

    /** Releases all locks. */
    @Override
    void close();

    /**
     * A lock of somebody else.
     *
     * @param pid the process; 0 where it is not known
     */
    record ForeignLock(int pid, long start, long end, boolean exclusive) {}
}
