package io.mooring.vfs.local;

import io.mooring.posix.Dirents;
import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.vfs.FileId;
import io.mooring.vfs.VfsException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through a whole tree, breadth first, and puts every name into the index; one search at a time, whose result serves
 * all who asked before it began. Thread-safe.
 */
final class TreeSearch {
    private static final Logger LOG = LoggerFactory.getLogger(TreeSearch.class);
    private static final int BUFFER_BYTES = 32 * 1024;
    private static final int FLAGS =
            PosixFiles.O_RDONLY | PosixFiles.O_DIRECTORY | PosixFiles.O_NOFOLLOW | PosixFiles.O_CLOEXEC;

    private final FileId root;
    private final int rootDescriptor;
    private final FileIds ids;
    private final NameIndex index;
    private final int maxEntries;
    private final AtomicLong started = new AtomicLong();
    private final ReentrantLock running = new ReentrantLock();

    TreeSearch(FileId root, int rootDescriptor, FileIds ids, NameIndex index, int maxEntries) {
        this.root = root;
        this.rootDescriptor = rootDescriptor;
        this.ids = ids;
        this.index = index;
        this.maxEntries = maxEntries;
    }

    /** How many searches have begun. */
    long started() {
        return started.get();
    }

    /** A directory that is to be looked at. Immutable. */
    private record Pending(Pending parent, FileId id, byte[] name) {
        Deque<byte[]> path() {
            Deque<byte[]> names = new ArrayDeque<>();
            for (Pending at = this; at.parent != null; at = at.parent) {
                names.addFirst(at.name);
            }
            return names;
        }
    }

    /** Searches, unless a search that began after the given one has ended meanwhile. */
    void runUnlessNewer(long than) {
        running.lock();
        try {
            if (started.get() == than) {
                started.incrementAndGet();
                run();
            }
        } finally {
            running.unlock();
        }
    }

    private void run() {
        Scratch scratch = Scratch.mine();
        Dirents entries = new Dirents(ByteBuffer.allocateDirect(BUFFER_BYTES));
        Deque<Pending> pending = new ArrayDeque<>();
        pending.add(new Pending(null, root, null));
        int seen = 0;
        while (!pending.isEmpty()) {
            seen += look(pending.remove(), pending, entries, scratch);
            if (seen > maxEntries) {
                LOG.warn("The tree has more than maxWalkEntries ({}) names: objects beyond count as gone", maxEntries);
                return;
            }
        }
    }

    private int look(Pending directory, Deque<Pending> pending, Dirents entries, Scratch scratch) {
        Deque<byte[]> path = directory.path();
        int descriptor = path.isEmpty()
                ? PosixFiles.openat(rootDescriptor, scratch.name(new byte[] {'.'}), FLAGS, 0)
                : IndexHandles.walk(rootDescriptor, path, FLAGS, scratch);
        if (descriptor < 0) {
            return 1;
        }
        int seen = 0;
        while (entries.fill(descriptor) > 0) {
            while (entries.next()) {
                if (!entries.isDot()) {
                    note(directory, descriptor, pending, entries, scratch);
                    seen++;
                }
            }
        }
        PosixFiles.close(descriptor);
        return seen;
    }

    private void note(Pending directory, int descriptor, Deque<Pending> pending, Dirents entries, Scratch scratch) {
        byte[] name = entries.name();
        FileId id;
        try {
            id = ids.named(descriptor, name, scratch);
        } catch (VfsException e) {
            // Removed meanwhile, or another mount.
            return;
        }
        index.put(id, directory.id, name);
        if (entries.mayBeDirectory()) {
            pending.add(new Pending(directory, id, name));
        }
    }
}
