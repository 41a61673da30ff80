package io.mooring.vfs.local;

import io.mooring.posix.Errno;
import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.posix.Statx;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileLocks;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.nio.charset.StandardCharsets;

/** Opens files for locking. Thread-safe. */
final class LockOperations {
    private final Tree tree;

    LockOperations(Tree tree) {
        this.tree = tree;
    }

    /** A new open file description: those of the cache are others' as well, and are closed when they are not used. */
    FileLocks open(FileId id) throws VfsException {
        Scratch scratch = Scratch.mine();
        try (OpenObject object = tree.open(id, scratch)) {
            tree.stat(object, scratch);
            if (!object.isRegular()) {
                throw new VfsException(Status.INVAL, "only regular files are locked");
            }
            int descriptor = reopen(object, PosixFiles.O_RDWR, scratch);
            if (descriptor == -Errno.EROFS || descriptor == -Errno.EACCES || descriptor == -Errno.ETXTBSY) {
                descriptor = reopen(object, PosixFiles.O_RDONLY, scratch);
            }
            return new OpenFileLocks(Failures.check(descriptor, "open for locking"));
        }
    }

    /** As the kernel knows it, which for a file that nobody looked up lately may be no path at all: then null. */
    String path(FileId id) throws VfsException {
        Scratch scratch = Scratch.mine();
        try (OpenObject object = tree.open(id, scratch)) {
            Statx stat = tree.stat(object, scratch);
            int length = PosixFiles.readlinkat(
                    tree.selfFd().directory(), scratch.name(SelfFd.ascii(Integer.toString(object.path()))), scratch);
            if (length <= 0) {
                return null;
            }
            byte[] path = scratch.linkTarget(length);
            boolean found = path[0] == '/'
                    && PosixFiles.statx(
                                    PosixFiles.AT_FDCWD, scratch.name(path), PosixFiles.AT_SYMLINK_NOFOLLOW, scratch)
                            == 0;
            return found && isSame(stat, scratch.statx()) ? new String(path, StandardCharsets.UTF_8) : null;
        }
    }

    private static boolean isSame(Statx one, Statx other) {
        return one.inode() == other.inode() && one.device().equals(other.device());
    }

    private int reopen(OpenObject object, int access, Scratch scratch) {
        int flags = access | PosixFiles.O_NONBLOCK | PosixFiles.O_NOCTTY;
        return tree.cache().opening(() -> tree.selfFd().reopen(object.path(), flags, scratch), scratch);
    }
}
