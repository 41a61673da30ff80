package io.mooring.lockd.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.lockd.internal.table.LockTable.Result;
import io.mooring.lockd.internal.table.UnionPart.Kind;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The table against {@link NaiveLocks}, over random operations of few owners on few bytes, so that they meet. */
class LockTableModelTest {
    private final List<FileKey> files = List.of(Locking.file(1), Locking.file(2));
    private final List<Owner> owners = List.of(
            Locking.owner("10.0.0.1", 1),
            Locking.owner("10.0.0.1", 2),
            Locking.owner("10.0.0.2", 1),
            Locking.owner("10.0.0.3", 7));

    /** One operation: what, and of what. */
    record Step(Operation operation, LockRequest request) {}

    enum Operation {
        LOCK,
        LOCK_OR_WAIT,
        UNLOCK,
        CANCEL
    }

    @Provide
    Arbitrary<Step> steps() {
        Arbitrary<Range> ranges = Combinators.combine(
                        Arbitraries.integers().between(0, NaiveLocks.CELLS - 1),
                        Arbitraries.integers().between(0, NaiveLocks.CELLS - 1))
                .as((a, b) ->
                        new Range(Math.min(a, b), Math.max(a, b) == NaiveLocks.CELLS - 1 ? Range.EOF : Math.max(a, b)));
        Arbitrary<LockRequest> requests = Combinators.combine(
                        Arbitraries.of(files), Arbitraries.of(owners), ranges, Arbitraries.of(true, false))
                .as(LockRequest::new);
        return Combinators.combine(Arbitraries.of(Operation.values()), requests).as(Step::new);
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        return steps().list().ofMinSize(1).ofMaxSize(80);
    }

    @Property(tries = 1500)
    void doesWhatFcntlDoes(@ForAll("histories") List<Step> history) {
        LockTable table = new LockTable(new LockTable.Limits(100_000, 100_000), Clock.systemUTC());
        table.open(Locking.SERVICE);
        NaiveLocks naive = new NaiveLocks();
        for (Step step : history) {
            apply(step, table, naive);
            table.check();
            compare(table, naive);
        }
    }

    private void apply(Step step, LockTable table, NaiveLocks naive) {
        LockRequest request = step.request();
        switch (step.operation()) {
            case LOCK, LOCK_OR_WAIT -> {
                boolean free = naive.blockers(request).isEmpty();
                Holder holder = table.conflict(request);
                assertThat(holder == null).isEqualTo(free);
                if (free) {
                    naive.waiters.remove(request);
                    naive.set(
                            request.file(),
                            request.owner(),
                            request.range(),
                            request.exclusive() ? Kind.EXCLUSIVE : Kind.SHARED);
                    assertThat(table.set(request, 3)).isEqualTo(Result.DONE);
                    serve(request.file(), table, naive);
                } else {
                    assertThat(naive.blockers(request)).contains(holder.owner());
                    if (step.operation() == Operation.LOCK_OR_WAIT) {
                        enqueue(request, table, naive);
                    }
                }
            }
            case UNLOCK -> {
                unlock(request, table, naive);
                serve(request.file(), table, naive);
            }
            case CANCEL -> assertThat(table.cancel(request)).isEqualTo(naive.waiters.remove(request));
        }
    }

    private static void enqueue(LockRequest request, LockTable table, NaiveLocks naive) {
        boolean waits = naive.waiters.contains(request);
        Result result = table.enqueue(request, 0, null);
        if (waits) {
            assertThat(result).isEqualTo(Result.DONE);
        } else if (naive.wouldDeadlock(request)) {
            assertThat(result).isEqualTo(Result.DEADLOCK);
        } else {
            assertThat(result).isEqualTo(Result.DONE);
            naive.waiters.add(request);
        }
    }

    private static void unlock(LockRequest request, LockTable table, NaiveLocks naive) {
        List<Kind> before = strengths(request.file(), naive);
        naive.set(request.file(), request.owner(), request.range(), Kind.NONE);
        List<Kind> after = strengths(request.file(), naive);
        List<Range> free = table.unset(request.file(), request.owner(), request.range());
        for (int cell = 0; cell < NaiveLocks.CELLS; cell++) {
            Range one = new Range(cell, cell);
            boolean freed = free.stream().anyMatch(range -> range.contains(one));
            boolean changed = before.get(cell) != Kind.NONE && after.get(cell) == Kind.NONE;
            assertThat(freed).as("byte " + cell).isEqualTo(changed);
        }
    }

    private static void serve(FileKey file, LockTable table, NaiveLocks naive) {
        List<LockRequest> granted = new ArrayList<>();
        long after = -1;
        Waiter next;
        while ((next = table.nextGrantable(file, Range.ALL, after)) != null) {
            LockRequest request = next.request();
            List<Holder> before = table.held(file, request.owner(), request.range());
            assertThat(table.set(request, 0)).isEqualTo(Result.DONE);
            if (!request.exclusive()) {
                table.keepStronger(request, before);
            }
            granted.add(next.request());
            after = next.order();
        }
        assertThat(granted).isEqualTo(naive.serve());
    }

    private void compare(LockTable table, NaiveLocks naive) {
        for (FileKey file : files) {
            for (Owner owner : owners) {
                List<String> held = table.held(file, owner, Range.ALL).stream()
                        .sorted(Comparator.comparing(h -> h.range().start()))
                        .map(h -> h.range() + " " + (h.exclusive() ? Kind.EXCLUSIVE : Kind.SHARED))
                        .toList();
                assertThat(held).isEqualTo(naive.held(file, owner));
                assertThat(table.files(owner).contains(file)).isEqualTo(!held.isEmpty());
            }
            List<UnionPart> union = table.union(file, Range.ALL);
            List<Kind> kinds = new ArrayList<>();
            for (int cell = 0; cell < NaiveLocks.CELLS; cell++) {
                Range one = new Range(cell, cell);
                union.stream().filter(p -> p.range().contains(one)).forEach(p -> kinds.add(p.kind()));
            }
            assertThat(kinds).isEqualTo(strengths(file, naive));
        }
        assertThat(table.count()).isEqualTo(naive.count());
        assertThat(Set.copyOf(
                        owners.stream().flatMap(o -> table.waiting(o).stream()).toList()))
                .isEqualTo(Set.copyOf(naive.waiters));
    }

    private static List<Kind> strengths(FileKey file, NaiveLocks naive) {
        List<Kind> kinds = new ArrayList<>();
        for (int cell = 0; cell < NaiveLocks.CELLS; cell++) {
            kinds.add(naive.strongest(file, cell));
        }
        return kinds;
    }
}
