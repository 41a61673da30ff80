package io.mooring.failover.internal.machine;

import io.mooring.vfs.service.ServiceJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** What this node holds of a service: its state directory, owner lock and journal. Thread-safe. */
public interface HeldState extends AutoCloseable {

    /** Whether the journal had everything that was promised. */
    boolean complete();

    long epoch();

    /** The journal's size; -1 where it is not known. */
    long journalBytes();

    /**
     * Asks the state directory whether no other node took the service since; may block on it. False for ever once it was.
     *
     * @throws IOException where it gives no answer now
     */
    boolean isStillMine() throws IOException;

    Path directory();

    /** A participant's part of the journal; the same for the same name. */
    ServiceJournal journal(String participant);

    /** A part of the journal for failover itself; the same for the same name. */
    Stream stream(String name);

    /** Calls it once, on any thread, when the journal can be written no more. */
    void onFailure(Consumer<IOException> listener);

    /**
     * Returns when all that was written or appended is on stable storage, whatever it takes to be acknowledged.
     *
     * @throws IOException where the journal cannot be written
     */
    void flush() throws IOException;

    /** From now on nobody is asked for a snapshot: what is true in the journal is being given up here. To be called before that. */
    void settle();

    /** What was missing in the journal was made up for: from now on it counts as complete. */
    void markComplete();

    /** Brings everything to stable storage, where it is still this node's, and lets the owner lock go, last of all. */
    @Override
    void close();

    /** A part of the journal that can be written at once. */
    interface Stream extends ServiceJournal {

        /** Writes a record, as far as the page cache: a killed process loses nothing of it. False where it could not be written. */
        boolean write(byte[] record);
    }
}
