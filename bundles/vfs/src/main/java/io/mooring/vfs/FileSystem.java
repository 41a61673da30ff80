package io.mooring.vfs;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One directory tree, by file id. Every operation is checked with the caller's identity, never follows a symbolic link,
 * and may block. Names are one path component, of any bytes but '/' and NUL; "." and ".." are understood by {@link
 * #lookup} only. Thread-safe.
 */
@ProviderType
public interface FileSystem extends AutoCloseable {

    /** ACCESS bits of RFC 1813 §3.3.4. */
    int ACCESS_READ = 0x01;

    int ACCESS_LOOKUP = 0x02;
    int ACCESS_MODIFY = 0x04;
    int ACCESS_EXTEND = 0x08;
    int ACCESS_DELETE = 0x10;
    int ACCESS_EXECUTE = 0x20;

    /** The directory that was opened. */
    FileId root();

    /** Changes whenever unstable writes may have been lost. */
    long writeVerifier();

    /** Needs no permission. */
    Attributes attributes(FileId id) throws VfsException;

    /**
     * Changes attributes.
     *
     * @param guard the ctime that the object must have, or null
     */
    Change setAttributes(Caller caller, FileId id, NewAttributes attributes, FileTime guard) throws VfsException;

    /**
     * Finds a name; ".." of the root is the root.
     *
     * @throws VfsException XDEV where another file system is mounted on it: see {@link #mountedOn}
     */
    Found lookup(Caller caller, FileId directory, byte[] name) throws VfsException;

    /**
     * The {@linkplain MountPoint#id id} of what is mounted on a name in a directory. Needs no permission.
     *
     * @throws VfsException NOENT where nothing is
     */
    default long mountedOn(FileId directory, byte[] name) throws VfsException {
        throw new VfsException(VfsException.Status.NOTSUPP, "this file system has no mounts inside");
    }

    /** Tells which of the wanted ACCESS bits the caller has. */
    Access access(Caller caller, FileId id, int wanted) throws VfsException;

    LinkTarget readLink(Caller caller, FileId link) throws VfsException;

    /** Reads into the direct buffer, from its position up to its limit; the position is not changed. */
    ReadResult read(Caller caller, FileId file, long offset, ByteBuffer target) throws VfsException;

    /** Writes what remains in the buffers, in order. */
    WriteResult write(Caller caller, FileId file, long offset, ByteBuffer[] source, Stability stability)
            throws VfsException;

    /**
     * Brings a range to stable storage.
     *
     * @param count bytes, 0 for all to the end
     */
    CommitResult commit(Caller caller, FileId file, long offset, int count) throws VfsException;

    Created create(Caller caller, FileId directory, byte[] name, CreateMode mode) throws VfsException;

    Created makeDirectory(Caller caller, FileId directory, byte[] name, NewAttributes attributes) throws VfsException;

    Created makeSymlink(Caller caller, FileId directory, byte[] name, byte[] target, NewAttributes attributes)
            throws VfsException;

    /**
     * Makes a special file.
     *
     * @param type FIFO, SOCKET, BLOCK_DEVICE or CHARACTER_DEVICE
     */
    Created makeNode(
            Caller caller,
            FileId directory,
            byte[] name,
            FileType type,
            int rdevMajor,
            int rdevMinor,
            NewAttributes attributes)
            throws VfsException;

    Change remove(Caller caller, FileId directory, byte[] name) throws VfsException;

    Change removeDirectory(Caller caller, FileId directory, byte[] name) throws VfsException;

    Renamed rename(Caller caller, FileId fromDirectory, byte[] from, FileId toDirectory, byte[] to) throws VfsException;

    Linked link(Caller caller, FileId file, FileId directory, byte[] name) throws VfsException;

    /**
     * Lists a directory, "." and ".." included, with the file system's own cookies.
     *
     * @param cookie 0 to start
     * @param cookieVerifier of an earlier result; not looked at when the cookie is 0
     */
    DirectoryResult list(Caller caller, FileId directory, long cookie, long cookieVerifier, DirectoryVisitor visitor)
            throws VfsException;

    Space space(FileId id) throws VfsException;

    Limits limits(FileId id) throws VfsException;

    /** Brings everything that was written until now to stable storage, also what nobody committed. */
    default void sync() throws VfsException {}

    /**
     * Brings an object's names, or attributes, to stable storage, as what changed them does before it returns; somebody may have
     * changed them who was killed before that.
     */
    default void sync(FileId changed) throws VfsException {}

    /**
     * The same file system, whose changes of names and attributes tell the witness of themselves: when they have been made, and
     * before they are brought to stable storage. Where nothing waits for that it tells nothing. To be used for one change, and
     * not to be closed.
     */
    default FileSystem witnessedBy(Witness witness) {
        return this;
    }

    /** Is told of a change on the thread that makes it. */
    @FunctionalInterface
    interface Witness {
        /** It was made to this object: it was created, removed, renamed, linked, or has other attributes. */
        void made(FileId object);
    }

    /** Closes all descriptors after the operations under way have ended; later calls get STALE. */
    @Override
    void close();

    /** Those of the wanted ACCESS bits that the caller has. */
    record Access(int granted, Attributes attributes) {}
}
