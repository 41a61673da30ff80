package io.mooring.lockd.internal.locks;

import static io.mooring.lockd.internal.table.Locking.SERVICE;
import static io.mooring.lockd.internal.table.Locking.file;
import static io.mooring.lockd.internal.table.Locking.owner;

import io.mooring.lockd.internal.locks.Outcome.Status;
import io.mooring.lockd.internal.table.CallBack;
import io.mooring.lockd.internal.table.FileKey;
import io.mooring.lockd.internal.table.LockRequest;
import io.mooring.lockd.internal.table.LockTable;
import io.mooring.lockd.internal.table.Owner;
import io.mooring.lockd.internal.table.UnionPart.Kind;
import io.mooring.vfs.VfsException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** Locks on files that only remember, and three owners of different hosts. */
abstract class LocksFixture {
    static final CallBack CALL_BACK = new CallBack() {};

    final LockTable table = new LockTable(new LockTable.Limits(100, 10), Clock.systemUTC());
    final FakeFiles files = new FakeFiles();
    final List<Grant> grants = new ArrayList<>();
    final Mirrors mirrors = new Mirrors(2);
    final Locks locks = new Locks(table, mirrors, grants::add);
    final FileKey one = file(1);
    final Owner a = owner("10.0.0.1", 1);
    final Owner b = owner("10.0.0.2", 1);
    final Owner c = owner("10.0.0.3", 1);

    @BeforeEach
    void open() {
        table.open(SERVICE);
    }

    Status lock(LockRequest request) throws VfsException {
        return locks.lock(request, 0, null, files.opener(request.file())).status();
    }

    Status lockOrWait(LockRequest request) throws VfsException {
        return locks.lock(request, 0, CALL_BACK, files.opener(request.file())).status();
    }

    String ours(FileKey file) {
        StringBuilder text = new StringBuilder();
        Arrays.stream(files.ours(file))
                .forEach(kind ->
                        text.append(kind == Kind.NONE ? '.' : kind.name().charAt(0)));
        return text.toString();
    }

    List<LockRequest> granted() {
        return grants.stream().map(Grant::request).toList();
    }
}
