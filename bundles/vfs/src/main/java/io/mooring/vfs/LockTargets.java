package io.mooring.vfs;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Finds the file that a client's handle names, for lockd; an OSGi service that the NFS server registers while it serves (the
 * kernel's nlmsvc_ops). Thread-safe. May block.
 */
@ConsumerType
public interface LockTargets {

    /**
     * Finds a file that the client may lock. Whether it is still there, and is a regular file, is looked at when it is opened.
     *
     * @param handle as the client sent it
     * @param service the address of ours that it called: it may be a service's, which has exports of its own
     * @param client its address and port
     * @param claimed whom the client says it acts for, before any squashing; null: it does not say
     * @throws VfsException BADHANDLE or STALE where the handle names nothing, ACCES where the client may not, JUKEBOX for
     *     later
     */
    LockTarget find(byte[] handle, InetAddress service, InetSocketAddress client, Caller claimed) throws VfsException;

    /**
     * Tells which file a handle names, also where it is gone, or not exported any more: what is held can be released.
     *
     * @param service the address of ours that was called
     * @throws VfsException BADHANDLE where this server never made it, ACCES where it is another address's, JUKEBOX for later
     */
    LockedFile identify(byte[] handle, InetAddress service) throws VfsException;

    /**
     * Finds a file again that was locked before, perhaps on another node.
     *
     * @param service the address of ours through which it was locked
     * @throws VfsException STALE where its export is gone, JUKEBOX for later; whether the file is there shows when it is opened
     */
    Opener reopen(LockedFile file, InetAddress service) throws VfsException;

    /**
     * Names a file for people, and no other file by the same name.
     *
     * @param service the address of ours through which it was locked
     * @return its path; null where it is not known
     */
    String describe(LockedFile file, InetAddress service);

    /** Opens a file for locking. */
    @FunctionalInterface
    interface Opener {
        /** As {@link LockableFiles#openLocks}; NOTSUPP where the file system has no locks. */
        FileLocks open() throws VfsException;
    }

    /**
     * A file, by its export's fsid and its id there: the same on every node, and after a restart.
     *
     * @param fsid the export's
     */
    record LockedFile(long fsid, FileId id) {}

    /**
     * What a handle names.
     *
     * @param readOnly the client may not lock it exclusively
     */
    record LockTarget(LockedFile file, boolean readOnly, Opener opener) {}
}
