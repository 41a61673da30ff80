package io.mooring.vfs.local;

import io.mooring.posix.Errno;
import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.posix.Statx;
import io.mooring.vfs.Caller;
import io.mooring.vfs.Change;
import io.mooring.vfs.FileId;
import io.mooring.vfs.PosixAcl;
import io.mooring.vfs.PosixAcls;
import io.mooring.vfs.PosixAcls.Setting;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;

/** POSIX ACLs, which the kernel keeps in two extended attributes. Thread-safe. */
final class AclOperations {
    private final Tree tree;

    AclOperations(Tree tree) {
        this.tree = tree;
    }

    PosixAcls.Acls get(FileId id) throws VfsException {
        Scratch scratch = Scratch.mine();
        try (OpenObject object = tree.open(id, scratch)) {
            Statx stat = tree.stat(object, scratch);
            return new PosixAcls.Acls(
                    read(object, AclAttribute.ACCESS, scratch),
                    object.isDirectory() ? read(object, AclAttribute.DEFAULT, scratch) : null,
                    Stat.attributes(stat));
        }
    }

    /** Null where the object has none, or its file system keeps none. */
    private static PosixAcl read(OpenObject object, byte[] attribute, Scratch scratch) throws VfsException {
        int size = PosixFiles.getxattr(SelfFd.path(object.path(), scratch), scratch.name(attribute), scratch);
        return switch (size) {
            case -Errno.ENODATA, -Errno.EOPNOTSUPP -> null;
            case -Errno.ERANGE ->
                throw new VfsException(Status.INVAL, "an ACL of more than " + PosixAcls.MAX_ENTRIES + " entries");
            default -> AclAttribute.decode(scratch.value(Failures.check(size, "getxattr")));
        };
    }

    /** The kernel decides whether this caller may, and gives the mode the access ACL's bits. */
    Change set(Caller caller, FileId id, Setting access, Setting defaults) throws VfsException {
        Scratch scratch = Scratch.mine();
        try (OpenObject object = tree.open(id, scratch)) {
            if (!object.isDirectory() && defaults != null && defaults.acl() != null) {
                throw new VfsException(Status.ACCES, "only directories have a default ACL");
            }
            Change change;
            ChangeLock.Held held = ChangeLock.hold(object);
            try (held) {
                Statx before = tree.stat(object, scratch);
                if (access != null) {
                    write(caller, object, AclAttribute.ACCESS, access, scratch);
                }
                if (defaults != null && object.isDirectory()) {
                    write(caller, object, AclAttribute.DEFAULT, defaults, scratch);
                }
                change = new Change(Stat.attributes(before), Stat.attributes(tree.stat(object, scratch)));
            }
            tree.sync().metadata(object);
            return change;
        }
    }

    private void write(Caller caller, OpenObject object, byte[] attribute, Setting wanted, Scratch scratch)
            throws VfsException {
        long path = SelfFd.path(object.path(), scratch);
        long name = scratch.name(attribute);
        boolean remove = wanted.acl() == null;
        byte[] value = remove ? new byte[0] : AclAttribute.encode(wanted.acl());
        scratch.setValue(value);
        int size = value.length;
        long result = tree.identity()
                .as(
                        caller,
                        scratch,
                        () -> remove
                                ? PosixFiles.removexattr(path, name)
                                : PosixFiles.setxattr(path, name, size, scratch));
        if (!remove || result != -Errno.ENODATA) {
            Failures.check(result, "setxattr");
        }
    }
}
