package io.mooring.vfs.local;

import io.mooring.posix.Scratch;
import io.mooring.vfs.FileId;

/** From a file id to the object that it names. Thread-safe. */
interface Handles extends AutoCloseable {

    /**
     * Opens an object with O_PATH, whatever its type and permissions.
     *
     * @return a descriptor, the taker's to close, or a negative errno: ESTALE when the object is gone, EINVAL when these
     *     bytes never named one
     */
    int open(FileId id, Scratch scratch);

    /** An object was seen under this name. */
    void seen(FileId id, FileId directory, byte[] name);

    /** A name is no longer there; {@code gone} when it was the object's last. */
    void removed(FileId id, FileId directory, byte[] name, boolean gone);

    /** For people: how objects are found. */
    String description();

    @Override
    void close();
}
