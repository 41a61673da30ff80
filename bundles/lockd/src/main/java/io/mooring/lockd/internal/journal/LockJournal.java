package io.mooring.lockd.internal.journal;

import io.mooring.lockd.internal.journal.LockRecord.Changed;
import io.mooring.lockd.internal.journal.LockRecord.Forgotten;
import io.mooring.lockd.internal.journal.LockRecord.Grace;
import io.mooring.lockd.internal.table.Change;
import io.mooring.lockd.internal.table.FileKey;
import io.mooring.lockd.internal.table.LockTable;
import io.mooring.vfs.service.ServiceJournal;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Writes what changes among a service's locks into its journal. Thread-safe; changes come within the table's monitor. */
public final class LockJournal implements Consumer<Change> {
    private final ServiceJournal journal;
    private final LockTable table;
    private final Set<InetAddress> addresses;
    private volatile boolean grace;
    /** What was so when the service was released; null until then. Guarded by this. */
    private List<Change> last;

    /** Of the service with these addresses. */
    public LockJournal(ServiceJournal journal, LockTable table, Set<InetAddress> addresses) {
        this.journal = journal;
        this.table = table;
        this.addresses = Set.copyOf(addresses);
    }

    @Override
    public void accept(Change change) {
        append(new Changed(change));
    }

    private void append(LockRecord entry) {
        journal.append(entry.toBytes());
    }

    /** Nothing that was written until now is so. */
    public void forget() {
        append(new Forgotten());
    }

    /** Whether hosts may reclaim what is not in the journal: who takes the service next must let them, too. */
    public void grace(boolean on) {
        grace = on;
        append(new Grace(on));
    }

    /** The service is released: the table forgets it, the journal does not. */
    public synchronized void detach() {
        last = table.detach(addresses);
    }

    /** What is so now, file by file: each is of one moment. */
    public synchronized List<byte[]> snapshot() {
        List<byte[]> records = new ArrayList<>();
        records.add(new Grace(grace).toBytes());
        if (last != null) {
            last.forEach(change -> records.add(new Changed(change).toBytes()));
            return records;
        }
        for (FileKey file : table.files()) {
            records.addAll(snapshot(file));
        }
        return records;
    }

    List<byte[]> snapshot(FileKey file) {
        return table.contents(file, addresses::contains).stream()
                .map(change -> new Changed(change).toBytes())
                .toList();
    }
}
