package io.mooring.vfs.local;

import io.mooring.posix.Errno;
import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.posix.Statx;
import io.mooring.vfs.Attributes;
import io.mooring.vfs.Caller;
import io.mooring.vfs.Change;
import io.mooring.vfs.CreateMode;
import io.mooring.vfs.Created;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileType;
import io.mooring.vfs.NewAttributes;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import io.mooring.vfs.local.NewObjects.Made;

/** CREATE, MKDIR, SYMLINK and MKNOD. Thread-safe. */
final class CreateOperations {
    private static final int DEFAULT_FILE_MODE = 0600;
    private static final int DEFAULT_DIRECTORY_MODE = 0700;
    private static final int MAX_MAJOR = 0xfff;
    private static final int MAX_MINOR = 0xfffff;

    private final Tree tree;
    private final NewObjects objects;
    private final AttributeOperations attributes;

    CreateOperations(Tree tree, AttributeOperations attributes) {
        this.tree = tree;
        this.attributes = attributes;
        this.objects = new NewObjects(tree, attributes);
    }

    Created create(Caller caller, FileId directory, byte[] name, CreateMode mode) throws VfsException {
        Names.fresh(name);
        if (mode instanceof CreateMode.Exclusive exclusive) {
            return within(directory, (parent, scratch) -> exclusive(caller, parent, name, exclusive, scratch));
        }
        if (mode instanceof CreateMode.Guarded guarded) {
            return within(directory, (parent, scratch) -> {
                int made = make(caller, parent, name, guarded.attributes(), scratch);
                Failures.check(made, "create");
                return objects.finish(caller, parent, name, made, guarded.attributes(), scratch);
            });
        }
        NewAttributes wanted = ((CreateMode.Unchecked) mode).attributes();
        return within(directory, (parent, scratch) -> unchecked(caller, parent, name, wanted, scratch));
    }

    private Made unchecked(Caller caller, OpenObject parent, byte[] name, NewAttributes wanted, Scratch scratch)
            throws VfsException {
        int made = make(caller, parent, name, wanted, scratch);
        if (made != -Errno.EEXIST) {
            Failures.check(made, "create");
            return objects.finish(caller, parent, name, made, wanted, scratch);
        }
        OpenObject there = objects.existing(parent, name, scratch);
        try {
            if (there.isDirectory()) {
                throw Failures.of(Errno.EEXIST, "create");
            }
            if (there.isRegular() && wanted.size() != null && wanted.size() == 0) {
                NewAttributes truncated = new NewAttributes(null, null, null, 0L, null, null);
                attributes.apply(caller, there, tree.stat(there, scratch), truncated, scratch);
            }
            return new Made(there, false);
        } catch (VfsException e) {
            there.close();
            throw e;
        }
    }

    private Made exclusive(Caller caller, OpenObject parent, byte[] name, CreateMode.Exclusive mode, Scratch scratch)
            throws VfsException {
        NewAttributes wanted = ExclusiveVerifier.attributes(mode.verifier(), DEFAULT_FILE_MODE);
        int made = make(caller, parent, name, wanted, scratch);
        if (made != -Errno.EEXIST) {
            Failures.check(made, "create");
            return objects.finish(caller, parent, name, made, wanted, scratch);
        }
        OpenObject there = objects.existing(parent, name, scratch);
        try {
            if (!ExclusiveVerifier.matches(mode.verifier(), tree.stat(there, scratch))) {
                throw Failures.of(Errno.EEXIST, "create");
            }
            return new Made(there, false);
        } catch (VfsException e) {
            there.close();
            throw e;
        }
    }

    /** A new regular file: a descriptor, or a negative errno. */
    private int make(Caller caller, OpenObject parent, byte[] name, NewAttributes wanted, Scratch scratch)
            throws VfsException {
        int mode = wanted.mode() == null ? DEFAULT_FILE_MODE : wanted.mode() & 07777;
        int made = makeOnce(caller, parent, name, mode, scratch);
        if (tree.cache().madeRoom(made, scratch)) {
            made = tree.cache().tellShortage(makeOnce(caller, parent, name, mode, scratch));
        }
        return made;
    }

    private int makeOnce(Caller caller, OpenObject parent, byte[] name, int mode, Scratch scratch) throws VfsException {
        int flags = PosixFiles.O_CREAT
                | PosixFiles.O_EXCL
                | PosixFiles.O_RDWR
                | PosixFiles.O_NOFOLLOW
                | PosixFiles.O_CLOEXEC;
        int path = parent.path();
        long address = scratch.name(name);
        return (int) tree.identity().as(caller, scratch, () -> PosixFiles.openat(path, address, flags, mode));
    }

    Created makeDirectory(Caller caller, FileId directory, byte[] name, NewAttributes wanted) throws VfsException {
        Names.fresh(name);
        int mode = wanted.mode() == null ? DEFAULT_DIRECTORY_MODE : wanted.mode() & 01777;
        return within(directory, (parent, scratch) -> {
            int path = parent.path();
            long address = scratch.name(name);
            Failures.check(
                    tree.identity().as(caller, scratch, () -> PosixFiles.mkdirat(path, address, mode)), "mkdirat");
            return objects.finish(caller, parent, name, NewObjects.NO_DESCRIPTOR, withMode(wanted, mode), scratch);
        });
    }

    Created makeSymlink(Caller caller, FileId directory, byte[] name, byte[] target, NewAttributes wanted)
            throws VfsException {
        Names.fresh(name);
        Names.target(target);
        return within(directory, (parent, scratch) -> {
            int path = parent.path();
            long address = scratch.name(name);
            long to = scratch.otherName(target);
            Failures.check(
                    tree.identity().as(caller, scratch, () -> PosixFiles.symlinkat(to, path, address)), "symlinkat");
            return objects.finish(caller, parent, name, NewObjects.NO_DESCRIPTOR, withMode(wanted, null), scratch);
        });
    }

    /** What MKNOD makes. */
    record Node(FileType type, int major, int minor) {}

    Created makeNode(Caller caller, FileId directory, byte[] name, Node node, NewAttributes wanted)
            throws VfsException {
        Names.fresh(name);
        int type = switch (node.type()) {
            case FIFO -> Statx.S_IFIFO;
            case SOCKET -> Statx.S_IFSOCK;
            case BLOCK_DEVICE -> Statx.S_IFBLK;
            case CHARACTER_DEVICE -> Statx.S_IFCHR;
            default -> throw new VfsException(Status.BADTYPE, "MKNOD makes no " + node.type());
        };
        boolean device = type == Statx.S_IFBLK || type == Statx.S_IFCHR;
        int major = device ? node.major() : 0;
        int minor = device ? node.minor() : 0;
        if (major < 0 || major > MAX_MAJOR || minor < 0 || minor > MAX_MINOR) {
            throw new VfsException(Status.INVAL, "a device number with more than 12 and 20 bits");
        }
        int mode = wanted.mode() == null ? DEFAULT_FILE_MODE : wanted.mode() & 07777;
        return within(directory, (parent, scratch) -> {
            int path = parent.path();
            long address = scratch.name(name);
            Failures.check(
                    tree.identity()
                            .as(caller, scratch, () -> PosixFiles.mknodat(path, address, type | mode, major, minor)),
                    "mknodat");
            return objects.finish(caller, parent, name, NewObjects.NO_DESCRIPTOR, withMode(wanted, mode), scratch);
        });
    }

    private static NewAttributes withMode(NewAttributes wanted, Integer mode) {
        return new NewAttributes(mode, wanted.uid(), wanted.gid(), null, wanted.atime(), wanted.mtime());
    }

    /** Makes something in a directory; what it returns is in use. */
    @FunctionalInterface
    private interface Making {
        Made make(OpenObject parent, Scratch scratch) throws VfsException;
    }

    private Created within(FileId directory, Making making) throws VfsException {
        Scratch scratch = Scratch.mine();
        try (OpenObject parent = tree.openDirectory(directory, scratch)) {
            Made made;
            Change change;
            ChangeLock.Held held = ChangeLock.hold(parent);
            try (held) {
                Attributes before = Stat.attributes(tree.stat(parent, scratch));
                made = making.make(parent, scratch);
                change = new Change(before, Stat.attributes(Stat.of(parent.path(), scratch)));
            }
            try (OpenObject object = made.object()) {
                Attributes after = Stat.attributes(tree.stat(object, scratch));
                if (object.isRegular() || object.isDirectory() || made.changed()) {
                    tree.made(object.id(), object, parent);
                } else {
                    tree.made(object.id(), parent);
                }
                return new Created(object.id(), after, change);
            }
        }
    }
}
