package io.mooring.lockd.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mooring.lockd.LockService.LockFilter;
import io.mooring.lockd.internal.table.Locking;
import io.mooring.lockd.internal.table.Range;
import io.mooring.lockd.internal.testing.FakeCall;
import io.mooring.lockd.internal.testing.MemoryJournal;
import io.mooring.lockd.internal.wire.Nlm4.Stat;
import io.mooring.sunrpc.Procedure.Replay;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.RpcException.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While a service is here: what is answered when. */
class MooredLocksTest {
    private static final FakeCall ONE = FakeCall.from("10.0.0.1");
    private static final FakeCall TWO = FakeCall.from("10.0.0.2");

    @TempDir
    Path own;

    @TempDir
    Path service;

    private final MemoryJournal journal = new MemoryJournal();
    private final ExecutorService clients = Executors.newCachedThreadPool();
    private final List<Node> nodes = new ArrayList<>();

    private Node node() {
        Node node = new Node(own, service);
        nodes.add(node);
        return node;
    }

    @AfterEach
    void close() {
        clients.shutdownNow();
        nodes.forEach(Node::close);
    }

    @Test
    void whatIsNotTakenYetIsAnsweredLater() throws RpcException, IOException {
        Node node = node();
        node.state.services().arrive(List.of(Locking.SERVICE));
        assertThat(node.lock(ONE, 0, 0)).isEqualTo(Stat.NLM4_DENIED_GRACE_PERIOD);
        assertThat(node.unlock(ONE, 0, 0)).isEqualTo(Stat.NLM4_DENIED_GRACE_PERIOD);
        assertNoReply(() -> {
            node.freeAll(ONE);
            return null;
        });
        assertNoReply(() -> {
            node.notify(ONE, 5);
            return null;
        });
        node.take(journal);
        assertThat(node.lock(ONE, 0, 0)).isEqualTo(Stat.NLM4_GRANTED);
    }

    private static void assertNoReply(Callable<?> call) {
        assertThatThrownBy(call::call)
                .isInstanceOfSatisfying(
                        RpcException.class, e -> assertThat(e.answer()).isEqualTo(Answer.NO_REPLY));
    }

    @Test
    void theRepliesOfWhatChangesSomethingAreKept() {
        Node node = node();
        assertThat(node.names(Replay.KEPT))
                .containsExactlyInAnyOrder("LOCK", "CANCEL", "UNLOCK", "SHARE", "UNSHARE", "NM_LOCK", "FREE_ALL");
        assertThat(node.names(Replay.CACHED)).isEmpty();
    }

    @Test
    void nothingIsAnsweredBeforeItIsDurable() throws Exception {
        Node node = node().take(journal);
        List<Callable<?>> calls = List.of(
                () -> node.lock(ONE, 0, 5),
                () -> node.waiting(TWO, 2, 1),
                () -> node.cancel(TWO, 2, 1),
                () -> node.unlock(ONE, 0, 5),
                () -> node.share(ONE, 1, 2),
                () -> {
                    node.freeAll(ONE);
                    return Stat.NLM4_GRANTED;
                });
        for (Callable<?> call : calls) {
            int before = journal.size();
            journal.stall();
            Future<?> answer = clients.submit(call);
            await().until(() -> journal.waiters() == 1);
            assertThat(journal.size()).isGreaterThan(before);
            assertThat(answer).isNotDone();
            journal.catchUp();
            assertThat(answer.get(10, TimeUnit.SECONDS)).isIn(Stat.NLM4_GRANTED, Stat.NLM4_BLOCKED);
        }
    }

    /** While one waits for the disk, others go on. */
    @Test
    void noLockOfOursIsHeldMeanwhile() throws Exception {
        Node node = node().take(journal);
        journal.stall();
        Future<Stat> answer = clients.submit(() -> node.lock(ONE, 0, 5));
        await().until(() -> journal.waiters() == 1);
        Future<List<String>> seen = clients.submit(node::held);
        assertThat(seen.get(10, TimeUnit.SECONDS)).hasSize(1);
        Future<Stat> other = clients.submit(() -> node.lock(TWO, 10, 5));
        await().until(() -> journal.waiters() == 2);
        journal.catchUp();
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo(Stat.NLM4_GRANTED);
    }

    @Test
    void whatCannotBeWrittenIsNotAnswered() throws Exception {
        Node node = node().take(journal);
        node.lock(ONE, 0, 5);
        journal.fail(true);
        assertNoReply(() -> node.lock(TWO, 10, 5));
        assertNoReply(() -> node.unlock(ONE, 0, 5));
        assertNoReply(() -> {
            node.notify(ONE, 7);
            return null;
        });
        assertThatThrownBy(() -> node.entries.release(LockFilter.ALL)).isInstanceOf(IllegalStateException.class);
        journal.fail(false);
        node.notify(ONE, 7);
    }

    @Test
    void aRestartedClientIsAnsweredWhenItsLocksAreGoneForGood() throws Exception {
        Node node = node().take(journal);
        node.lock(ONE, 0, 5);
        journal.stall();
        Future<?> answer = clients.submit(() -> {
            node.notify(ONE, 7);
            return null;
        });
        await().until(() -> journal.waiters() == 1);
        assertThat(node.held()).isEmpty();
        assertThat(answer).isNotDone();
        journal.catchUp();
        answer.get(10, TimeUnit.SECONDS);
        assertThat(node().take(journal.next()).held()).isEmpty();
    }

    @Test
    void aWaiterIsToldWhenItsLockIsDurable() throws Exception {
        Node node = node().take(journal);
        node.lock(ONE, 0, 5);
        node.waiting(TWO, 0, 5);
        journal.stall();
        Future<Stat> answer = clients.submit(() -> node.unlock(ONE, 0, 5));
        await().until(() -> journal.waiters() == 2);
        assertThat(node.held()).containsExactly("10.0.0.2 0-4 x");
        assertThat(node.peers.calls).isEmpty();
        journal.catchUp();
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(Stat.NLM4_GRANTED);
        await().until(() -> !node.peers.calls.isEmpty());
    }

    @Test
    void whatIsNotMooredWaitsForNothing() throws Exception {
        Node node = node().take(journal);
        node.state.services().arrive(List.of(Locking.address("10.0.0.10")));
        int before = journal.size();
        journal.stall();
        journal.fail(true);
        assertThat(node.lock(ONE.to("10.0.0.10"), 0, 5)).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(journal.size()).isEqualTo(before);
    }

    @Test
    void whatIsInTheJournalCountsAlsoWhereTheServiceGoesMeanwhile() throws Exception {
        Node node = node().take(journal);
        journal.stall();
        Future<Stat> first = clients.submit(() -> node.lock(ONE, 0, 5));
        await().until(() -> journal.waiters() == 1);
        node.mooring.release();
        journal.catchUp();
        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(node().take(journal.next()).held()).hasSize(1);
        assertThat(node.lock(ONE, 0, 5)).isEqualTo(Stat.NLM4_DENIED_GRACE_PERIOD);
        assertThat(node.state.table().count()).isZero();
    }

    @Test
    void whatWasLockedBeforeItWasMooredIsNotTheServices() throws Exception {
        Node node = node();
        node.mooring.close();
        node.state.services().arrive(List.of(Locking.SERVICE));
        assertThat(node.lock(ONE, 0, 5)).isEqualTo(Stat.NLM4_GRANTED);
        node.mooring = node.moor(Locking.SERVICE);
        assertThat(node.held()).isEmpty();
        assertThat(node.targets.files.open).isZero();
        assertThatThrownBy(() -> node.moor(Locking.SERVICE)).isInstanceOf(IllegalArgumentException.class);
        node.take(journal);
        assertThat(node.lock(ONE, 0, 5)).isEqualTo(Stat.NLM4_GRANTED);
    }

    @Test
    void aClosedMooringLeavesAPlainAddress() throws Exception {
        Node node = node().take(journal);
        node.lock(ONE, 0, 5);
        int before = journal.size();
        node.state.services().arrive(List.of(Locking.SERVICE));
        node.mooring.close();
        assertThat(journal.size()).isEqualTo(before);
        assertThat(node.held()).isEmpty();
        assertThat(node.isLockedInTheFileSystem(Range.ALL)).isFalse();
        assertThat(node.lock(TWO, 0, 5)).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(journal.size()).as("not the service's").isEqualTo(before);
        assertThatThrownBy(() -> node.take(new MemoryJournal())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void thatTheAddressComesAndGoesSaysNothing() throws Exception {
        Node node = node().take(journal);
        node.lock(ONE, 0, 5);
        node.state.services().arrive(List.of(Locking.SERVICE));
        node.state.services().leave(Locking.SERVICE);
        node.state.services().retain(List.of());
        node.state.services().simulateCrash();
        assertThat(node.held()).hasSize(1);
        assertThat(node.entries.grace())
                .hasSize(1)
                .allMatch(row -> row.remaining().isZero());
    }
}
