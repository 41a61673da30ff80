package io.mooring.vfs.local;

import io.mooring.posix.Errno;
import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.posix.Statx;
import io.mooring.vfs.Caller;
import io.mooring.vfs.FileId;
import io.mooring.vfs.NewAttributes;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;

/** Opens what was just made and gives it the attributes that making it could not. Thread-safe. */
final class NewObjects {
    static final int NO_DESCRIPTOR = -1;

    private static final int ROOT = 0;
    private static final int PERMISSIONS = 0777;
    private static final byte[] DEFAULT_ACL = SelfFd.ascii("system.posix_acl_default");

    private final Tree tree;
    private final AttributeOperations attributes;

    NewObjects(Tree tree, AttributeOperations attributes) {
        this.tree = tree;
        this.attributes = attributes;
    }

    OpenObject existing(OpenObject parent, byte[] name, Scratch scratch) throws VfsException {
        FileId id;
        try {
            id = tree.ids().named(parent.path(), name, scratch);
        } catch (VfsException e) {
            throw e.status() == Status.XDEV ? Failures.of(Errno.EEXIST, "create") : e;
        }
        tree.handles().seen(id, parent.id(), name);
        return tree.open(id, scratch);
    }

    /**
     * What was made, in use.
     *
     * @param changed attributes were set afterwards: the name may be on the disk without them
     */
    record Made(OpenObject object, boolean changed) {}

    /**
     * The new object.
     *
     * @param descriptor open on it for reading and writing, taken over; or {@link #NO_DESCRIPTOR}
     */
    Made finish(Caller caller, OpenObject parent, byte[] name, int descriptor, NewAttributes wanted, Scratch scratch)
            throws VfsException {
        OpenObject object;
        if (descriptor == NO_DESCRIPTOR) {
            object = existing(parent, name, scratch);
        } else {
            object = adopt(parent, name, descriptor, scratch);
        }
        try {
            Statx stat = tree.stat(object, scratch);
            NewAttributes rest = rest(caller, parent, stat, wanted, scratch);
            boolean changes = !rest.equals(NewAttributes.NONE);
            if (changes) {
                attributes.apply(caller, object, stat, rest, scratch);
            }
            return new Made(object, changes);
        } catch (VfsException e) {
            object.close();
            throw e;
        }
    }

    private OpenObject adopt(OpenObject parent, byte[] name, int descriptor, Scratch scratch) throws VfsException {
        try {
            FileId id = tree.ids().opened(descriptor, scratch);
            tree.handles().seen(id, parent.id(), name);
            OpenObject object = tree.open(id, scratch);
            object.adoptWriter(descriptor);
            return object;
        } catch (VfsException e) {
            PosixFiles.close(descriptor);
            throw e;
        }
    }

    private NewAttributes rest(Caller caller, OpenObject parent, Statx stat, NewAttributes wanted, Scratch scratch) {
        boolean root = tree.identity().uid(caller) == ROOT;
        return new NewAttributes(
                modeLeft(parent, stat, wanted.mode(), scratch),
                // Others cannot give away what they make; the kernel would refuse after the fact.
                root ? wanted.uid() : null,
                root ? wanted.gid() : null,
                wanted.size() != null && wanted.size() != 0 ? wanted.size() : null,
                wanted.atime(),
                wanted.mtime());
    }

    /** The mode, where the process's umask took bits away; not where the directory's default ACL did. */
    private Integer modeLeft(OpenObject parent, Statx stat, Integer mode, Scratch scratch) {
        if (mode == null || (mode & PERMISSIONS & ~stat.mode()) == 0) {
            return null;
        }
        long path = SelfFd.path(parent.path(), scratch);
        if (PosixFiles.xattrSize(path, scratch.name(DEFAULT_ACL)) > 0) {
            return null;
        }
        return mode | (stat.mode() & 07000);
    }
}
