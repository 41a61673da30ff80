package io.mooring.vfs.local;

import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.posix.Statx;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;

/**
 * What the operations on one tree share. Immutable; its parts are thread-safe.
 *
 * @param root the id of the tree's root
 * @param rootDescriptor open on the root, not with O_PATH
 * @param witness is told of changes that wait for the disk; null: nobody
 */
record Tree(
        FileId root,
        int rootDescriptor,
        FileIds ids,
        Handles handles,
        DescriptorCache cache,
        SelfFd selfFd,
        Identity identity,
        AccessCheck access,
        SyncPolicy sync,
        WriteVerifier verifier,
        FileSystem.Witness witness) {

    /** The same, of which somebody is told. */
    Tree witnessedBy(FileSystem.Witness somebody) {
        return new Tree(root, rootDescriptor, ids, handles, cache, selfFd, identity, access, sync, verifier, somebody);
    }

    /**
     * A change was made: returns when it is as durable as the policy wants.
     *
     * @param object what it was made to; null where that has no id
     * @param changed what is to be brought to the disk, the one that was changed last first
     */
    void made(FileId object, OpenObject... changed) throws VfsException {
        if (witness != null && object != null && sync.stableWrites()) {
            witness.made(object);
        }
        sync.metadata(changed);
    }

    OpenObject open(FileId id, Scratch scratch) throws VfsException {
        identity.requireOwn();
        return cache.acquire(id, scratch);
    }

    /** The object, which must be a directory. */
    OpenObject openDirectory(FileId id, Scratch scratch) throws VfsException {
        OpenObject object = open(id, scratch);
        if (!object.isDirectory()) {
            object.close();
            throw new VfsException(Status.NOTDIR, "no directory");
        }
        return object;
    }

    /** Its attributes now. An object without a name is gone, even while a descriptor keeps it. */
    Statx stat(OpenObject object, Scratch scratch) throws VfsException {
        Statx stat = Stat.of(object.path(), scratch);
        if (stat.nlink() == 0) {
            cache.drop(object.id());
            throw new VfsException(Status.STALE, "removed");
        }
        return stat;
    }

    /** After an object lost a name: forgets it where that was the last. */
    void forget(OpenObject object, FileId directory, byte[] name, Scratch scratch) throws VfsException {
        boolean gone = Stat.of(object.path(), scratch).nlink() == 0;
        handles.removed(object.id(), directory, name, gone);
        if (gone) {
            cache.drop(object.id());
        }
    }

    /** What a directory has under a name, or null where there is nothing that has an id here. */
    OpenObject openNamed(OpenObject directory, byte[] name, Scratch scratch) {
        try {
            FileId id = ids.named(directory.path(), name, scratch);
            handles.seen(id, directory.id(), name);
            return cache.acquire(id, scratch);
        } catch (VfsException e) {
            return null;
        }
    }

    /** Closes what the tree itself holds; nobody may use it any more. */
    void close() {
        cache.closeAll();
        handles.close();
        selfFd.close();
        PosixFiles.close(rootDescriptor);
    }
}
