package io.mooring.lockd.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.lockd.internal.locks.FakeFiles;
import io.mooring.lockd.internal.locks.Grant;
import io.mooring.lockd.internal.locks.Locks;
import io.mooring.lockd.internal.locks.Mirrors;
import io.mooring.lockd.internal.nlm.GrantedCallBack;
import io.mooring.lockd.internal.table.CallBack;
import io.mooring.lockd.internal.table.Change;
import io.mooring.lockd.internal.table.FileKey;
import io.mooring.lockd.internal.table.LockRequest;
import io.mooring.lockd.internal.table.LockTable;
import io.mooring.lockd.internal.table.Locking;
import io.mooring.lockd.internal.table.Owner;
import io.mooring.lockd.internal.table.Range;
import io.mooring.lockd.internal.table.UnionPart.Kind;
import io.mooring.lockd.internal.testing.MemoryJournal;
import io.mooring.lockd.internal.wire.NlmVersion;
import io.mooring.sunrpc.Netid;
import io.mooring.vfs.VfsException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Whatever happens, and whenever the journal is compacted, it says what the table has. */
class JournalModelTest {
    private static final CallBack CALL_BACK = new GrantedCallBack(NlmVersion.V4, Netid.TCP, true, "c", new byte[] {1});
    private static final LockTable.Limits LIMITS = new LockTable.Limits(40, 12);

    private final List<FileKey> keys = List.of(Locking.file(1), Locking.file(2), Locking.file(3));
    private final List<Owner> owners =
            List.of(Locking.owner("10.0.0.1", 1), Locking.owner("10.0.0.1", 2), Locking.owner("10.0.0.2", 1));

    enum Operation {
        LOCK,
        LOCK_AGAIN,
        WAIT,
        UNLOCK,
        CANCEL,
        RELEASE_HOST,
        REFUSE,
        CONFIRM,
        LOCAL_LOCK,
        LOCAL_UNLOCK,
        RETRY,
        SHARE,
        UNSHARE,
        COMPACT,
        /** With other operations between the files. */
        COMPACT_SLOWLY
    }

    record Step(Operation operation, LockRequest request) {}

    /** A table with its journal. */
    private static final class Node {
        final LockTable table = new LockTable(LIMITS, Clock.systemUTC());
        final FakeFiles files = new FakeFiles();
        final ConcurrentLinkedQueue<Grant> grants = new ConcurrentLinkedQueue<>();
        final Locks locks = new Locks(table, new Mirrors(10), grants::add);
        final MemoryJournal journal = new MemoryJournal();
        final LockJournal writer = new LockJournal(journal, table, Set.of(Locking.SERVICE));

        Node() {
            table.attach(Set.of(Locking.SERVICE), writer, List.of());
            journal.snapshotBy(writer::snapshot);
        }
    }

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
        return Combinators.combine(Arbitraries.of(Operation.values()), requests)
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(80);
    }

    @Property(tries = 1500)
    void theJournalSaysWhatTheTableHas(@ForAll("histories") List<Step> history) throws VfsException, IOException {
        Node node = new Node();
        Iterator<Step> steps = history.iterator();
        while (steps.hasNext()) {
            apply(steps.next(), node, steps);
        }
        compare(node.table, node.journal);
        node.journal.compact();
        compare(node.table, node.journal);
        List<String> before = contents(node.table);
        node.writer.detach();
        node.locks.retire(Locking.SERVICE);
        assertThat(node.table.count()).isZero();
        node.journal.compact();
        LockTable next = again(node.journal);
        assertThat(contents(next)).isEqualTo(before);
    }

    private static void apply(Step step, Node node, Iterator<Step> following) throws VfsException {
        LockRequest request = step.request();
        FileKey file = request.file();
        Locks locks = node.locks;
        int bits = (int) request.range().start() & 3;
        switch (step.operation()) {
            case LOCK -> locks.lock(request, 3, null, node.files.opener(file));
            case LOCK_AGAIN -> locks.lock(request, 5, null, node.files.opener(file));
            case WAIT -> locks.lock(request, 0, CALL_BACK, node.files.opener(file));
            case UNLOCK -> locks.unlock(file, request.owner(), request.range());
            case CANCEL -> locks.cancel(request);
            case RELEASE_HOST -> locks.release(request.owner().host(), owner -> true);
            case REFUSE -> List.copyOf(node.grants).forEach(locks::takeBack);
            case CONFIRM -> List.copyOf(node.grants).forEach(locks::confirm);
            case LOCAL_LOCK -> node.files.localLock(file, request.range(), Kind.SHARED);
            case LOCAL_UNLOCK -> node.files.localLock(file, request.range(), Kind.NONE);
            case RETRY -> locks.retry();
            case SHARE -> locks.share(file, request.owner(), bits, 3 - bits & 1);
            case UNSHARE -> locks.unshare(file, request.owner());
            case COMPACT -> node.journal.compact();
            case COMPACT_SLOWLY -> compactSlowly(node, following);
        }
    }

    private static void compactSlowly(Node node, Iterator<Step> following) throws VfsException {
        int before = node.journal.size();
        List<byte[]> snapshot = new ArrayList<>();
        for (FileKey file : node.table.files()) {
            snapshot.addAll(node.writer.snapshot(file));
            for (int i = 0; i < 3 && following.hasNext(); i++) {
                Step step = following.next();
                if (step.operation() != Operation.COMPACT && step.operation() != Operation.COMPACT_SLOWLY) {
                    apply(step, node, following);
                }
            }
        }
        node.journal.replace(before, snapshot);
    }

    private static void compare(LockTable table, MemoryJournal journal) throws IOException {
        LockTable again = again(journal);
        assertThat(contents(again)).isEqualTo(contents(table));
        assertThat(again.count()).isEqualTo(table.count());
    }

    private static LockTable again(MemoryJournal journal) throws IOException {
        LockTable again = new LockTable(LIMITS, Clock.systemUTC());
        List<Change> changes = new ArrayList<>();
        Replay.of(journal.next()).contents().values().forEach(changes::addAll);
        again.attach(Set.of(Locking.SERVICE), change -> {}, changes);
        return again;
    }

    /** Without the times: those of merged locks may differ. */
    private static List<String> contents(LockTable table) {
        List<String> lines = new ArrayList<>();
        for (FileKey file : table.files()) {
            List<Change> changes = table.contents(file, service -> true);
            changes.forEach(change -> lines.add(file + " " + line(change)));
        }
        lines.sort(String::compareTo);
        return lines;
    }

    private static String line(Change change) {
        Owner owner = change.owner();
        String who = owner.host() + "/" + owner + " ";
        if (change instanceof Change.Held held) {
            return who
                    + held.state()
                    + held.parts().stream()
                            .map(part -> part.range() + (part.exclusive() ? "x" : "s"))
                            .toList();
        }
        if (change instanceof Change.Waits waits) {
            LockRequest request = waits.waiter().request();
            return "waits " + waits.waiter().order() + who + request.range() + request.exclusive() + waits.state();
        }
        if (change instanceof Change.Granted granted) {
            return "granted " + granted.grant().request() + granted.grant().before();
        }
        return change.toString();
    }

    @Test
    void compactionWhileManyLock() throws Exception {
        Node node = new Node();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                Random random = new Random(t);
                running.add(threads.submit(() -> {
                    for (int i = 0; i < 3000; i++) {
                        apply(step(random), node, List.<Step>of().iterator());
                    }
                    return null;
                }));
            }
            Consumer<Future<?>> check = future -> assertThat(future).succeedsWithin(60, TimeUnit.SECONDS);
            while (running.stream().anyMatch(future -> !future.isDone())) {
                node.journal.compact();
            }
            running.forEach(check);
            compare(node.table, node.journal);
        } finally {
            threads.shutdownNow();
        }
    }

    private Step step(Random random) {
        long start = random.nextInt(FakeFiles.CELLS);
        LockRequest request = new LockRequest(
                keys.get(random.nextInt(keys.size())),
                owners.get(random.nextInt(owners.size())),
                new Range(start, Math.min(FakeFiles.CELLS - 1, start + random.nextInt(8))),
                random.nextBoolean());
        List<Operation> operations =
                List.copyOf(EnumSet.complementOf(EnumSet.of(Operation.COMPACT, Operation.COMPACT_SLOWLY)));
        return new Step(operations.get(random.nextInt(operations.size())), request);
    }
}
