package io.mooring.lockd.internal.locks;

import io.mooring.lockd.internal.table.FileKey;
import io.mooring.vfs.LockTargets.Opener;
import io.mooring.vfs.VfsException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that are locked in their file systems, too: one descriptor each. Thread-safe, but one file is asked for by one
 * thread at a time.
 */
public final class Mirrors implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Mirrors.class);
    private static final FileMirror NONE = new FileMirror(null, e -> {});

    private final int max;
    private final AtomicInteger count = new AtomicInteger();
    /** Also {@link #NONE}, so that a file that could not be opened is not opened when half its locks are set. */
    private final Map<FileKey, FileMirror> open = new ConcurrentHashMap<>();
    /** File systems that were warned of; their number is that of exports. */
    private final Set<Long> warned = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean warnedOfMax = new AtomicBoolean();
    private volatile boolean closed;

    /** Opens no more than {@code max} files at a time: the others are locked in the table only. */
    public Mirrors(int max) {
        this.max = max;
    }

    /**
     * The file's, opened where it is not yet.
     *
     * @throws VfsException where there is no such file, or not now; where its file system has no locks it does without
     */
    FileMirror of(FileKey file, Opener opener) throws VfsException {
        if (closed) {
            throw new VfsException(VfsException.Status.JUKEBOX, "lockd is being stopped");
        }
        FileMirror known = open.get(file);
        if (known != null) {
            return known;
        }
        FileMirror mirror = open(file, opener);
        open.put(file, mirror);
        return mirror;
    }

    private FileMirror open(FileKey file, Opener opener) throws VfsException {
        if (count.incrementAndGet() > max) {
            count.decrementAndGet();
            if (warnedOfMax.compareAndSet(false, true)) {
                LOG.warn(
                        "lockd: {} files are locked in their file systems, which is mirroredFiles: local processes will not"
                                + " see the locks of more",
                        max);
            }
            return NONE;
        }
        try {
            return new FileMirror(opener.open(), e -> failed(file, e));
        } catch (VfsException e) {
            count.decrementAndGet();
            switch (e.status()) {
                case STALE, BADHANDLE, NOENT, INVAL, ISDIR, JUKEBOX -> throw e;
                default -> failed(file, e);
            }
            return NONE;
        }
    }

    private void failed(FileKey file, VfsException cause) {
        if (warned.add(file.fsid())) {
            LOG.warn(
                    "lockd: the file system of fsid {} does not take a lock: {}; clients lock among themselves, but local"
                            + " processes may not see it (said once)",
                    HexFormat.of().toHexDigits(file.fsid()),
                    cause.getMessage());
        } else {
            LOG.debug("lockd: a lock in the file system failed", cause);
        }
    }

    /** The file's; without effect where it was never opened. */
    FileMirror existing(FileKey file) {
        return open.getOrDefault(file, NONE);
    }

    void close(FileKey file) {
        FileMirror mirror = open.remove(file);
        if (mirror != null && mirror != NONE) {
            count.decrementAndGet();
            mirror.close();
        }
    }

    /** Those that are locked in their file systems, or would be. */
    Set<FileKey> files() {
        return Set.copyOf(open.keySet());
    }

    boolean isClosed() {
        return closed;
    }

    /** Opens no more files; each that is open is to be closed by whoever has its turn. */
    @Override
    public void close() {
        closed = true;
    }
}
