package io.mooring.vfs.local;

import io.mooring.posix.Errno;
import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.vfs.FileId;
import io.mooring.vfs.VfsException;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Finds objects where the kernel does not let the server open them by handle: by the name under which they were seen, which
 * is walked from the root and verified; else by a search through the tree, which refills the index. Thread-safe.
 */
final class IndexHandles implements Handles {
    private static final int OBJECT = PosixFiles.O_PATH | PosixFiles.O_NOFOLLOW | PosixFiles.O_CLOEXEC;
    private static final int DIRECTORY = OBJECT | PosixFiles.O_DIRECTORY;
    private static final long MISSING_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final FileId root;
    private final int rootDescriptor;
    private final FileIds ids;
    private final NameIndex index;
    private final TreeSearch search;

    /**
     * @param rootDescriptor stays the giver's to close
     */
    IndexHandles(FileId root, int rootDescriptor, FileIds ids, LocalSettings settings) {
        this.root = root;
        this.rootDescriptor = rootDescriptor;
        this.ids = ids;
        this.index = new NameIndex(root, settings.maxIndexEntries(), System::nanoTime);
        this.search = new TreeSearch(root, rootDescriptor, ids, index, settings.maxWalkEntries());
    }

    @Override
    public int open(FileId id, Scratch scratch) {
        if (id.bytes().length <= FileIds.HANDLE_AT) {
            return -Errno.EINVAL;
        }
        if (index.isGone(id)) {
            return -Errno.ESTALE;
        }
        long searched = search.started();
        int descriptor = openIndexed(id, scratch);
        if (descriptor == -Errno.ESTALE) {
            search.runUnlessNewer(searched);
            descriptor = openIndexed(id, scratch);
            if (descriptor == -Errno.ESTALE) {
                index.setMissing(id, MISSING_NANOS);
            }
        }
        return descriptor;
    }

    private int openIndexed(FileId id, Scratch scratch) {
        if (id.equals(root)) {
            return PosixFiles.openat(rootDescriptor, scratch.name(new byte[] {'.'}), DIRECTORY, 0);
        }
        Deque<byte[]> names = index.path(id);
        if (names == null) {
            return -Errno.ESTALE;
        }
        int at = walk(rootDescriptor, names, OBJECT, scratch);
        if (at < 0) {
            return at == -Errno.ENOENT || at == -Errno.ENOTDIR || at == -Errno.ELOOP ? -Errno.ESTALE : at;
        }
        if (isOpenOn(at, id, scratch)) {
            return at;
        }
        PosixFiles.close(at);
        return -Errno.ESTALE;
    }

    /**
     * Opens what the names lead to, one by one, without following symbolic links.
     *
     * @param flags for the last one
     * @return a descriptor or a negative errno
     */
    static int walk(int from, Deque<byte[]> names, int flags, Scratch scratch) {
        int at = from;
        int left = names.size();
        for (byte[] name : names) {
            left--;
            int next = PosixFiles.openat(at, scratch.name(name), left == 0 ? flags : DIRECTORY, 0);
            if (at != from) {
                PosixFiles.close(at);
            }
            if (next < 0) {
                return next;
            }
            at = next;
        }
        return at;
    }

    private boolean isOpenOn(int descriptor, FileId id, Scratch scratch) {
        try {
            return ids.opened(descriptor, scratch).equals(id);
        } catch (VfsException e) {
            return false;
        }
    }

    @Override
    public void seen(FileId id, FileId directory, byte[] name) {
        index.put(id, directory, name);
    }

    @Override
    public void removed(FileId id, FileId directory, byte[] name, boolean gone) {
        if (gone) {
            index.setGone(id);
        } else {
            index.remove(id, directory, name);
        }
    }

    @Override
    public String description() {
        return "through an index of names (open_by_handle_at is not permitted to this server, or not wanted)";
    }

    @Override
    public void close() {
        // The descriptors are others'.
    }
}
