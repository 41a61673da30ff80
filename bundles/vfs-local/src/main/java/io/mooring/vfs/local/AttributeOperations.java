package io.mooring.vfs.local;

import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.posix.Statx;
import io.mooring.vfs.Attributes;
import io.mooring.vfs.Caller;
import io.mooring.vfs.Change;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.FileTime;
import io.mooring.vfs.LinkTarget;
import io.mooring.vfs.NewAttributes;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;

/** GETATTR, SETATTR, ACCESS and READLINK. Thread-safe. */
final class AttributeOperations {
    private static final int NO_ID = -1;
    private static final int NO_MODE = -1;

    private final Tree tree;

    AttributeOperations(Tree tree) {
        this.tree = tree;
    }

    Attributes attributes(FileId id) throws VfsException {
        Scratch scratch = Scratch.mine();
        try (OpenObject object = tree.open(id, scratch)) {
            return Stat.attributes(tree.stat(object, scratch));
        }
    }

    Change set(Caller caller, FileId id, NewAttributes wanted, FileTime guard) throws VfsException {
        Scratch scratch = Scratch.mine();
        try (OpenObject object = tree.open(id, scratch)) {
            Change change;
            ChangeLock.Held held = ChangeLock.hold(object);
            try (held) {
                Statx before = tree.stat(object, scratch);
                if (guard != null && !guard.equals(Stat.time(before.ctime()))) {
                    throw new VfsException(Status.NOT_SYNC, "changed since");
                }
                apply(caller, object, before, wanted, scratch);
                change = new Change(Stat.attributes(before), Stat.attributes(tree.stat(object, scratch)));
            }
            tree.made(id, object);
            return change;
        }
    }

    /**
     * Sets attributes as the caller. Size first, since truncating clears set-uid; owner before mode, for the same reason;
     * time stamps last, since all else changes them.
     */
    void apply(Caller caller, OpenObject object, Statx stat, NewAttributes wanted, Scratch scratch)
            throws VfsException {
        int uid = id(wanted.uid());
        int gid = id(wanted.gid());
        // Linux has no permissions on symbolic links.
        int mode = wanted.mode() == null || object.isSymlink() ? NO_MODE : wanted.mode() & 07777;
        Times times = Times.of(wanted);
        boolean resize = wanted.size() != null;
        long size = resize ? wanted.size() : 0;
        int writer = resize ? openForResize(object, size, scratch) : -1;
        boolean owner = tree.access().owns(caller, stat);
        int path = object.path();
        int self = tree.selfFd().directory();
        long name = SelfFd.name(path, scratch);
        long result = tree.identity().as(caller, scratch, () -> {
            int done = 0;
            if (resize) {
                done = owner ? 0 : PosixFiles.access(path, PosixFiles.W_OK, scratch);
                done = done < 0 ? done : PosixFiles.ftruncate(writer, size);
            }
            if (done == 0 && (uid != NO_ID || gid != NO_ID)) {
                done = PosixFiles.fchown(path, uid, gid, scratch);
            }
            if (done == 0 && mode != NO_MODE) {
                done = PosixFiles.fchmodat(self, name, mode);
            }
            if (done == 0 && times != null) {
                done = times.set(path, scratch);
            }
            return done;
        });
        Failures.check(result, "setattr");
    }

    private static int openForResize(OpenObject object, long size, Scratch scratch) throws VfsException {
        if (!object.isRegular()) {
            throw new VfsException(object.isDirectory() ? Status.ISDIR : Status.INVAL, "has no size to set");
        }
        if (size < 0) {
            throw new VfsException(Status.FBIG, "a size of " + Long.toUnsignedString(size));
        }
        return Failures.check(object.writer(scratch), "open to truncate");
    }

    /** The kernel takes -1 for "leave it". */
    private static int id(Integer wanted) throws VfsException {
        if (wanted == null) {
            return NO_ID;
        }
        if (wanted == NO_ID) {
            throw new VfsException(Status.INVAL, "no such id");
        }
        return wanted;
    }

    FileSystem.Access access(Caller caller, FileId id, int wanted) throws VfsException {
        Scratch scratch = Scratch.mine();
        try (OpenObject object = tree.open(id, scratch)) {
            Statx stat = tree.stat(object, scratch);
            AccessBits bits = AccessBits.of(object);
            int asked = bits.permissions(wanted);
            int granted = asked == 0 ? 0 : tree.access().granted(caller, object, stat, asked, scratch);
            return new FileSystem.Access(bits.granted(wanted, granted), Stat.attributes(stat));
        }
    }

    LinkTarget readLink(FileId id) throws VfsException {
        Scratch scratch = Scratch.mine();
        try (OpenObject link = tree.open(id, scratch)) {
            if (!link.isSymlink()) {
                throw new VfsException(Status.INVAL, "no symbolic link");
            }
            int length = Failures.check(PosixFiles.readlinkat(link.path(), scratch.empty(), scratch), "readlinkat");
            byte[] target = scratch.linkTarget(length);
            return new LinkTarget(target, Stat.attributes(tree.stat(link, scratch)));
        }
    }
}
