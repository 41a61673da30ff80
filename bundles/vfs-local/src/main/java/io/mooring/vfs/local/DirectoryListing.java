package io.mooring.vfs.local;

import io.mooring.posix.Dirents;
import io.mooring.posix.Errno;
import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.posix.Statx;
import io.mooring.vfs.Caller;
import io.mooring.vfs.DirectoryResult;
import io.mooring.vfs.DirectoryVisitor;
import io.mooring.vfs.FileId;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;

/** READDIR, with the file system's own cookies: they hold on every node that has the same file system. Thread-safe. */
final class DirectoryListing {
    /** The kernel's cookies need no help to stay valid. */
    static final long COOKIE_VERIFIER = 0;

    private final Tree tree;

    DirectoryListing(Tree tree) {
        this.tree = tree;
    }

    DirectoryResult list(Caller caller, FileId id, long cookie, long cookieVerifier, DirectoryVisitor visitor)
            throws VfsException {
        Scratch scratch = Scratch.mine();
        try (OpenObject directory = tree.openDirectory(id, scratch)) {
            Statx stat = tree.stat(directory, scratch);
            tree.access().require(caller, directory, stat, PosixFiles.R_OK, scratch);
            if (cookie != 0 && cookieVerifier != COOKIE_VERIFIER) {
                throw new VfsException(Status.BAD_COOKIE, "not a cookie verifier of this server");
            }
            boolean root = id.equals(tree.root());
            long up = root ? stat.inode() : 0;
            boolean eof = read(directory, cookie, up, visitor, scratch);
            return new DirectoryResult(eof, COOKIE_VERIFIER, Stat.attributes(tree.stat(directory, scratch)));
        }
    }

    /** A descriptor of its own: the position in the directory belongs to the open file. */
    private boolean read(OpenObject directory, long cookie, long up, DirectoryVisitor visitor, Scratch scratch)
            throws VfsException {
        int descriptor = Failures.check(tree.cache().openDirectory(directory.path(), scratch), "open directory");
        try {
            if (cookie != 0 && PosixFiles.lseek(descriptor, cookie, PosixFiles.SEEK_SET) < 0) {
                throw new VfsException(Status.BAD_COOKIE, "no such cookie");
            }
            return visit(descriptor, up, visitor, scratch.dirents());
        } finally {
            PosixFiles.close(descriptor);
            tree.cache().counted(-1);
        }
    }

    /**
     * @param up what ".." is to be where the directory is the tree's root, else 0
     */
    private static boolean visit(int descriptor, long up, DirectoryVisitor visitor, Dirents entries)
            throws VfsException {
        while (true) {
            int filled = entries.fill(descriptor);
            if (filled == -Errno.ENOENT) {
                throw Failures.of(Errno.ESTALE, "getdents64");
            }
            if (Failures.check(filled, "getdents64") == 0) {
                return true;
            }
            while (entries.next()) {
                byte[] name = entries.name();
                long fileid = up != 0 && Names.isDotDot(name) ? up : entries.inode();
                if (!visitor.entry(fileid, name, entries.offset())) {
                    return false;
                }
            }
        }
    }
}
