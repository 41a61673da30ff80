package io.mooring.lockd.internal.journal;

import io.mooring.lockd.internal.journal.LockRecord.Changed;
import io.mooring.lockd.internal.journal.LockRecord.Grace;
import io.mooring.lockd.internal.table.Change;
import io.mooring.lockd.internal.table.FileKey;
import io.mooring.lockd.internal.table.LockTable;
import io.mooring.sunrpc.XdrException;
import io.mooring.vfs.service.ServiceJournal;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a journal says, when all of it was read. Used by one thread. */
public final class Replay {
    private static final LockTable.Limits NONE = new LockTable.Limits(Integer.MAX_VALUE, Integer.MAX_VALUE);

    private final ServiceJournal journal;
    private LockTable table = new LockTable(NONE, Clock.systemUTC());
    private boolean grace;
    private long count;
    /** Null: all could be read. */
    private String failure;

    private Replay(ServiceJournal journal) {
        this.journal = journal;
    }

    /**
     * Reads it.
     *
     * @throws IOException where a record is not understood
     */
    public static Replay of(ServiceJournal journal) throws IOException {
        Replay replay = new Replay(journal);
        journal.replay(replay::read);
        if (replay.failure != null) {
            throw new IOException(replay.failure);
        }
        return replay;
    }

    private void read(byte[] bytes) {
        count++;
        try {
            LockRecord read = LockRecord.read(bytes);
            if (read instanceof Changed changed) {
                table.make(changed.change());
            } else if (read instanceof Grace on) {
                grace = on.on();
            } else {
                table = new LockTable(NONE, Clock.systemUTC());
            }
        } catch (XdrException e) {
            if (failure == null) {
                failure = "record " + count + " of lockd's journal is not understood (" + e.getMessage()
                        + "): was it written by a newer version?";
            }
        }
    }

    public boolean isOf(ServiceJournal other) {
        return journal == other;
    }

    /** Hosts may reclaim what is not in the journal. */
    public boolean inGrace() {
        return grace;
    }

    /** What is so, by file. */
    public Map<FileKey, List<Change>> contents() {
        Map<FileKey, List<Change>> contents = new LinkedHashMap<>();
        table.files().forEach(file -> contents.put(file, table.contents(file, service -> true)));
        return contents;
    }
}
