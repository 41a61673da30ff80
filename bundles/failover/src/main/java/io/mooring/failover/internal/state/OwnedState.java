package io.mooring.failover.internal.state;

import io.mooring.failover.internal.journal.Directory;
import io.mooring.failover.internal.journal.ForeignJournalException;
import io.mooring.failover.internal.journal.Journal;
import io.mooring.failover.internal.journal.JournalFiles;
import io.mooring.failover.internal.journal.JournalOptions;
import io.mooring.failover.internal.journal.Stream;
import io.mooring.failover.internal.state.StateException.Kind;
import io.mooring.posix.Errno;
import io.mooring.posix.PosixException;
import io.mooring.posix.Statx;
import io.mooring.vfs.service.ServiceJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The state directory of a service while this node has it: its owner lock, its epoch and its journal. Thread-safe. Nothing
 * of it is mapped into memory, and after {@link #close} its file system can be unmounted.
 */
public final class OwnedState implements AutoCloseable {
    private final Path path;
    private final Statx identity;
    private final Owner owner;
    private final long epoch;
    private final Journal journal;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * How it is taken.
     *
     * @param journalBytes of each of the journal's two files, at the least
     * @param sync whether records are acknowledged on stable storage only
     * @param forced take it also where somebody has the owner lock: only where it is known that he can't write any more
     * @param node this one's name, for messages on others
     */
    public record Settings(long journalBytes, boolean sync, boolean forced, String node) {}

    private OwnedState(Path path, Statx identity, Owner owner, long epoch, Journal journal) {
        this.path = path;
        this.identity = identity;
        this.owner = owner;
        this.epoch = epoch;
        this.journal = journal;
    }

    /**
     * Takes it; on stable storage when it returns. Waits as long as its file system does.
     *
     * @param directory must be there; may be empty
     * @param service the service's name
     */
    public static OwnedState take(Path directory, String service, Settings settings) throws StateException {
        return take(directory, service, settings, presentBoot());
    }

    static OwnedState take(Path directory, String service, Settings settings, UUID boot) throws StateException {
        try (Directory open = Directory.open(directory)) {
            StateFiles files = new StateFiles(directory, open);
            files.secure();
            files.isFresh(service); // before anything is made in it
            Owner owner = Owner.open(open, settings.node());
            boolean taken = false;
            try {
                if (!owner.isLocked() && !settings.forced()) {
                    throw owned(directory, owner.present());
                }
                OwnedState state = take(files, service, owner, settings, boot);
                taken = true;
                return state;
            } finally {
                if (!taken) {
                    owner.close();
                }
            }
        } catch (ForeignJournalException e) {
            throw new StateException(Kind.REFUSED, directory + ": " + e.getMessage());
        } catch (IOException e) {
            throw StateException.of(directory, e);
        }
    }

    private static OwnedState take(StateFiles files, String service, Owner owner, Settings settings, UUID boot)
            throws StateException, ForeignJournalException, IOException {
        boolean fresh = files.isFresh(service);
        long epoch = files.epoch() + 1;
        files.writeEpoch(epoch); // whoever had it learns that he lost it before his journal is read
        owner.write();
        JournalOptions options =
                new JournalOptions(service, settings.journalBytes(), settings.sync(), owner.isLocked(), fresh, boot);
        Journal journal = JournalFiles.open(files.directory(), options);
        try {
            if (fresh) {
                files.writeService(service);
            }
            return new OwnedState(files.path(), files.directory().stat(), owner, epoch, journal);
        } catch (PosixException e) {
            journal.close();
            throw e;
        }
    }

    private static StateException owned(Path directory, String who) {
        String other = who.isEmpty() ? "another process" : who;
        return new StateException(
                Kind.OWNED,
                directory + " is in use by " + other + ": release it there, or by force when that node is down");
    }

    /** Without it nothing counts as written by this start of the host. */
    private static UUID presentBoot() {
        try {
            return UUID.fromString(
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
        } catch (IOException | IllegalArgumentException e) {
            return UUID.randomUUID();
        }
    }

    /** Whether the journal has everything that was promised; if not, the clients must be asked. */
    public boolean complete() {
        return journal.isComplete();
    }

    /** The clients were asked, and had time to answer: where this one ends, the next one may count as complete again. */
    public void markComplete() {
        journal.markComplete();
    }

    /** How often it was taken. */
    public long epoch() {
        return epoch;
    }

    public Path directory() {
        return path;
    }

    /**
     * Looks anew: false where another one has taken it, where the directory or its file system is gone, and after {@link #close}.
     *
     * @throws IOException where nobody can tell now, for whatever reason: it may be this node's still
     */
    public boolean isStillMine() throws IOException {
        if (closed.get()) {
            return false;
        }
        try (Directory now = Directory.open(path)) {
            return isSame(now.stat())
                    && StateFiles.epoch(now).equals(Optional.of(epoch))
                    && owner.isNamed(now)
                    && owner.hold();
        } catch (PosixException e) {
            // What is missing within the directory is empty, and not an error.
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
                return false;
            }
            throw e;
        }
    }

    private boolean isSame(Statx now) {
        return now.inode() == identity.inode() && now.device().equals(identity.device());
    }

    /** A participant's part of the journal. */
    public ServiceJournal journal(String stream) {
        return journal.stream(stream);
    }

    /** One of failover's own parts of the journal. */
    public Stream stream(String name) {
        return journal.stream(name);
    }

    /** From now on no participant is asked for a snapshot: to be called before any is released, and forgets. */
    public void settle() {
        journal.settle();
    }

    /** Returns when everything is on stable storage. */
    public void flush() throws IOException {
        journal.flush();
    }

    /** Is told once when the journal can't be written any more; at once where that has happened. */
    public void onFailure(Consumer<IOException> listener) {
        journal.onFailure(listener);
    }

    /** Leaves the journal's clean mark, closes everything, and lets go of the owner lock last. Not for the journal's own thread. */
    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            journal.close();
            owner.close();
        }
    }
}
