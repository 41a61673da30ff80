package io.mooring.vfs.local;

import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.posix.Statx;
import io.mooring.vfs.Attributes;
import io.mooring.vfs.Caller;
import io.mooring.vfs.Change;
import io.mooring.vfs.FileId;
import io.mooring.vfs.Found;
import io.mooring.vfs.Linked;
import io.mooring.vfs.Renamed;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;

/** LOOKUP, REMOVE, RMDIR, RENAME and LINK. Thread-safe. */
final class NameOperations {
    private final Tree tree;

    NameOperations(Tree tree) {
        this.tree = tree;
    }

    Found lookup(Caller caller, FileId directoryId, byte[] name) throws VfsException {
        Names.component(name);
        Scratch scratch = Scratch.mine();
        try (OpenObject directory = tree.openDirectory(directoryId, scratch)) {
            Statx stat = tree.stat(directory, scratch);
            tree.access().require(caller, directory, stat, PosixFiles.X_OK, scratch);
            Attributes attributes = Stat.attributes(stat);
            if (Names.isDot(name) || (Names.isDotDot(name) && directoryId.equals(tree.root()))) {
                return new Found(directoryId, attributes, attributes);
            }
            FileId id = tree.ids().named(directory.path(), name, scratch);
            if (!Names.isDotDot(name)) {
                tree.handles().seen(id, directoryId, name);
            }
            try (OpenObject object = tree.open(id, scratch)) {
                return new Found(id, Stat.attributes(tree.stat(object, scratch)), attributes);
            } catch (VfsException e) {
                throw e.status() == Status.STALE ? new VfsException(Status.NOENT, "removed meanwhile") : e;
            }
        }
    }

    long mountedOn(FileId directoryId, byte[] name) throws VfsException {
        if (Names.isDotDot(Names.component(name))) {
            throw new VfsException(Status.ACCES, "nobody leaves a tree upwards");
        }
        Scratch scratch = Scratch.mine();
        try (OpenObject directory = tree.openDirectory(directoryId, scratch)) {
            int mount = FileIds.mountOf(directory.path(), name, scratch);
            if (mount == tree.ids().mountId()) {
                throw new VfsException(Status.NOENT, "unmounted meanwhile");
            }
            return mount;
        }
    }

    Change remove(Caller caller, FileId directory, byte[] name) throws VfsException {
        return unlink(caller, directory, Names.existing(name), 0);
    }

    Change removeDirectory(Caller caller, FileId directory, byte[] name) throws VfsException {
        return unlink(caller, directory, Names.existing(name), PosixFiles.AT_REMOVEDIR);
    }

    private Change unlink(Caller caller, FileId directoryId, byte[] name, int flags) throws VfsException {
        Scratch scratch = Scratch.mine();
        try (OpenObject directory = tree.openDirectory(directoryId, scratch)) {
            Change change;
            FileId removed;
            ChangeLock.Held held = ChangeLock.hold(directory);
            try (held;
                    OpenObject victim = tree.openNamed(directory, name, scratch)) {
                Attributes before = Stat.attributes(tree.stat(directory, scratch));
                int path = directory.path();
                long address = scratch.name(name);
                Failures.check(
                        tree.identity().as(caller, scratch, () -> PosixFiles.unlinkat(path, address, flags)),
                        "unlinkat");
                if (victim != null) {
                    tree.forget(victim, directoryId, name, scratch);
                }
                removed = victim == null ? null : victim.id();
                change = new Change(before, Stat.attributes(tree.stat(directory, scratch)));
            }
            tree.made(removed, directory);
            return change;
        }
    }

    Renamed rename(Caller caller, FileId fromId, byte[] from, FileId toId, byte[] to) throws VfsException {
        Names.existing(from);
        Names.existing(to);
        Scratch scratch = Scratch.mine();
        try (OpenObject fromDirectory = tree.openDirectory(fromId, scratch);
                OpenObject toDirectory = tree.openDirectory(toId, scratch)) {
            Renamed renamed;
            FileId object;
            ChangeLock.Held held = ChangeLock.hold(fromDirectory, toDirectory);
            try (held) {
                Attributes fromBefore = Stat.attributes(tree.stat(fromDirectory, scratch));
                Attributes toBefore = Stat.attributes(tree.stat(toDirectory, scratch));
                object = renameAs(caller, fromDirectory, from, toDirectory, to, scratch);
                renamed = new Renamed(
                        new Change(fromBefore, Stat.attributes(tree.stat(fromDirectory, scratch))),
                        new Change(toBefore, Stat.attributes(tree.stat(toDirectory, scratch))));
            }
            tree.made(object, fromDirectory, toDirectory);
            return renamed;
        }
    }

    /** Returns what was renamed; null where that has no id. */
    private FileId renameAs(
            Caller caller, OpenObject fromDirectory, byte[] from, OpenObject toDirectory, byte[] to, Scratch scratch)
            throws VfsException {
        try (OpenObject moved = tree.openNamed(fromDirectory, from, scratch);
                OpenObject victim = tree.openNamed(toDirectory, to, scratch)) {
            int fromPath = fromDirectory.path();
            int toPath = toDirectory.path();
            long fromName = scratch.name(from);
            long toName = scratch.otherName(to);
            Failures.check(
                    tree.identity()
                            .as(caller, scratch, () -> PosixFiles.renameat2(fromPath, fromName, toPath, toName, 0)),
                    "renameat2");
            if (moved != null) {
                tree.handles().removed(moved.id(), fromDirectory.id(), from, false);
                tree.handles().seen(moved.id(), toDirectory.id(), to);
            }
            if (victim != null && victim != moved) {
                tree.forget(victim, toDirectory.id(), to, scratch);
            }
            return moved == null ? null : moved.id();
        }
    }

    Linked link(Caller caller, FileId fileId, FileId directoryId, byte[] name) throws VfsException {
        Names.fresh(name);
        Scratch scratch = Scratch.mine();
        try (OpenObject file = tree.open(fileId, scratch);
                OpenObject directory = tree.openDirectory(directoryId, scratch)) {
            if (file.isDirectory()) {
                throw new VfsException(Status.INVAL, "directories have one name");
            }
            Linked linked;
            ChangeLock.Held held = ChangeLock.hold(file, directory);
            try (held) {
                tree.stat(file, scratch);
                Attributes before = Stat.attributes(tree.stat(directory, scratch));
                int self = tree.selfFd().directory();
                int path = directory.path();
                long from = SelfFd.name(file.path(), scratch);
                long to = scratch.name(name);
                int flags = PosixFiles.AT_SYMLINK_FOLLOW;
                Failures.check(
                        tree.identity().as(caller, scratch, () -> PosixFiles.linkat(self, from, path, to, flags)),
                        "linkat");
                tree.handles().seen(fileId, directoryId, name);
                linked = new Linked(
                        Stat.attributes(tree.stat(file, scratch)),
                        new Change(before, Stat.attributes(tree.stat(directory, scratch))));
            }
            tree.made(fileId, file, directory);
            return linked;
        }
    }
}
