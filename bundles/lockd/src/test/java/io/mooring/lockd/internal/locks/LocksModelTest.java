package io.mooring.lockd.internal.locks;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.lockd.internal.table.CallBack;
import io.mooring.lockd.internal.table.FileKey;
import io.mooring.lockd.internal.table.FileStatus;
import io.mooring.lockd.internal.table.LockRequest;
import io.mooring.lockd.internal.table.LockTable;
import io.mooring.lockd.internal.table.Locking;
import io.mooring.lockd.internal.table.Owner;
import io.mooring.lockd.internal.table.Range;
import io.mooring.lockd.internal.table.UnionPart;
import io.mooring.lockd.internal.table.UnionPart.Kind;
import io.mooring.vfs.VfsException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever happens, the file system has the union of what the table has, nobody holds what is in another's way, and nobody waits
 * for what is free.
 */
class LocksModelTest {
    private static final CallBack CALL_BACK = new CallBack() {};

    private final List<FileKey> keys = List.of(Locking.file(1), Locking.file(2));
    private final List<Owner> owners =
            List.of(Locking.owner("10.0.0.1", 1), Locking.owner("10.0.0.1", 2), Locking.owner("10.0.0.2", 1));

    enum Operation {
        LOCK,
        WAIT,
        UNLOCK,
        CANCEL,
        RELEASE_HOST,
        REFUSE,
        CONFIRM,
        LOCAL_LOCK,
        LOCAL_UNLOCK,
        RETRY
    }

    record Step(Operation operation, LockRequest request) {}

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<Integer> cells = Arbitraries.integers().between(0, FakeFiles.CELLS - 1);
        Arbitrary<Range> ranges = Combinators.combine(cells, cells).as((x, y) -> {
            int end = Math.max(x, y);
            return new Range(Math.min(x, y), end == FakeFiles.CELLS - 1 ? Range.EOF : end);
        });
        Arbitrary<LockRequest> requests = Combinators.combine(
                        Arbitraries.of(keys), Arbitraries.of(owners), ranges, Arbitraries.of(true, false))
                .as(LockRequest::new);
        Arbitrary<Operation> operations = Arbitraries.of(Operation.values());
        return Combinators.combine(operations, requests)
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(80);
    }

    @Property(tries = 1500)
    void theFileSystemHasTheUnion(@ForAll("histories") List<Step> history) throws VfsException {
        LockTable table = new LockTable(new LockTable.Limits(60, 12), Clock.systemUTC());
        table.open(Locking.SERVICE);
        FakeFiles files = new FakeFiles();
        List<Grant> grants = new ArrayList<>();
        Locks locks = new Locks(table, new Mirrors(10), grants::add);
        boolean alone = true;
        for (Step step : history) {
            apply(step, locks, files, grants);
            // A local process keeps waiters until the next attempt.
            alone &= step.operation() != Operation.LOCAL_LOCK;
            for (FileKey file : keys) {
                assertThat(List.of(files.ours(file))).isEqualTo(union(table, file));
                assertThat(conflicts(table, file)).isEmpty();
                if (alone) {
                    assertThat(waitsInVain(table, file, grants)).isEmpty();
                }
            }
        }
        locks.retire(Locking.SERVICE);
        assertThat(table.count()).isZero();
        assertThat(files.open).isZero();
        assertThat(grants.stream().filter(g -> !g.hasEnded())).isEmpty();
    }

    private static void apply(Step step, Locks locks, FakeFiles files, List<Grant> grants) throws VfsException {
        LockRequest request = step.request();
        FileKey file = request.file();
        switch (step.operation()) {
            case LOCK -> locks.lock(request, 0, null, files.opener(file));
            case WAIT -> locks.lock(request, 0, CALL_BACK, files.opener(file));
            case UNLOCK -> locks.unlock(file, request.owner(), request.range());
            case CANCEL -> locks.cancel(request);
            case RELEASE_HOST -> locks.release(request.owner().host(), owner -> true);
            case REFUSE -> List.copyOf(grants).forEach(locks::takeBack);
            case CONFIRM -> List.copyOf(grants).forEach(locks::confirm);
            case LOCAL_LOCK ->
                files.localLock(file, request.range(), request.exclusive() ? Kind.EXCLUSIVE : Kind.SHARED);
            case LOCAL_UNLOCK -> files.localLock(file, request.range(), Kind.NONE);
            case RETRY -> locks.retry();
        }
    }

    private static List<FileStatus.Held> conflicts(LockTable table, FileKey file) {
        List<FileStatus.Held> all = table.status(file).held();
        return all.stream()
                .filter(one -> all.stream()
                        .anyMatch(other -> !one.owner().equals(other.owner())
                                && one.range().overlaps(other.range())
                                && (one.exclusive() || other.exclusive())))
                .toList();
    }

    /** Those that could have their locks, and do not wait for an answer to an earlier grant of theirs. */
    private static List<LockRequest> waitsInVain(LockTable table, FileKey file, List<Grant> grants) {
        return table.status(file).waiting().stream()
                .filter(waiting -> waiting.blockedBy() == null)
                .map(waiting -> waiting.waiter().request())
                .filter(request -> grants.stream()
                        .filter(grant -> !grant.hasEnded())
                        .map(Grant::request)
                        .noneMatch(granted -> granted.file().equals(file)
                                && granted.owner().equals(request.owner())
                                && granted.range().overlaps(request.range())))
                .toList();
    }

    private static List<Kind> union(LockTable table, FileKey file) {
        List<Kind> kinds = new ArrayList<>();
        List<UnionPart> parts = table.union(file, Range.ALL);
        for (int cell = 0; cell < FakeFiles.CELLS; cell++) {
            Range one = new Range(cell, cell);
            parts.stream().filter(p -> p.range().contains(one)).forEach(p -> kinds.add(p.kind()));
        }
        return kinds;
    }
}
