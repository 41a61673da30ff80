package io.mooring.failover.internal.state;

import io.mooring.failover.internal.journal.Directory;
import io.mooring.failover.internal.journal.OpenFile;
import io.mooring.posix.PosixException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The file {@code owner}: who holds its lock has the service. Its content is for people, and for {@link OwnedState#isStillMine}. Thread-safe.
 */
final class Owner implements AutoCloseable {
    private static final int MAX_CONTENT = 4096;

    private final OpenFile file;
    private final String content;
    private boolean locked;
    private boolean closed;

    private Owner(OpenFile file, String content) {
        this.file = file;
        this.content = content;
    }

    /** Opens it, and tries to lock it. */
    static Owner open(Directory directory, String node) throws PosixException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String content =
                "node " + clean(node) + ", pid " + ProcessHandle.current().pid() + ", since " + now + "\n";
        Owner owner = new Owner(directory.findOrCreate(StateFiles.OWNER), content);
        try {
            owner.tryLock();
            return owner;
        } catch (PosixException e) {
            owner.close();
            throw e;
        }
    }

    synchronized boolean isLocked() {
        return locked;
    }

    private synchronized void tryLock() throws PosixException {
        locked = file.tryLock();
    }

    /** Takes the lock where another one had it at first, and has let go by now; false after {@link #close}. */
    synchronized boolean hold() throws PosixException {
        if (!locked && !closed) {
            tryLock();
        }
        return !closed;
    }

    /** Whether the file that has the name now says that it is this one's. */
    boolean isNamed(Directory directory) throws PosixException {
        return directory.read(StateFiles.OWNER, MAX_CONTENT).equals(Optional.of(content));
    }

    /** Who says that it is his; empty where nobody does. */
    String present() throws PosixException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(MAX_CONTENT);
        file.read(bytes, 0);
        return clean(StandardCharsets.UTF_8.decode(bytes.flip()).toString());
    }

    /** In place: the lock is that of the file, not that of the name. */
    void write() throws PosixException {
        file.write(Directory.direct(content), 0);
        file.truncate(content.length());
    }

    /** Releases the lock. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            file.close();
        }
    }

    private static String clean(String text) {
        return text.strip().replaceAll("[^\\x20-\\x7e]", "?");
    }
}
