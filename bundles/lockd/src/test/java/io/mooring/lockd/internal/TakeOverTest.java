package io.mooring.lockd.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mooring.lockd.internal.table.Locking;
import io.mooring.lockd.internal.table.Range;
import io.mooring.lockd.internal.table.UnionPart.Kind;
import io.mooring.lockd.internal.testing.FakeCall;
import io.mooring.lockd.internal.testing.MemoryJournal;
import io.mooring.lockd.internal.wire.Nlm4.Res;
import io.mooring.lockd.internal.wire.Nlm4.Stat;
import io.mooring.lockd.internal.wire.NlmVersion;
import io.mooring.lockd.internal.wire.Sm1;
import io.mooring.sunrpc.XdrWriter;
import io.mooring.vfs.VfsException.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From one node to another: locks, waiters, hosts. */
class TakeOverTest {
    private static final FakeCall ONE = FakeCall.from("10.0.0.1");
    private static final FakeCall TWO = FakeCall.from("10.0.0.2");
    private static final FakeCall THREE = FakeCall.from("10.0.0.3");

    @TempDir
    Path own;

    @TempDir
    Path service;

    private final MemoryJournal journal = new MemoryJournal();
    private final List<Node> nodes = new ArrayList<>();

    private Node node(InetAddress... addresses) {
        Node node = new Node(own, service, addresses);
        nodes.add(node);
        return node;
    }

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
    }

    private static CompletableFuture<byte[]> answer(Stat stat) {
        XdrWriter writer = XdrWriter.create();
        new Res(new byte[0], stat).write(writer, NlmVersion.V4);
        return CompletableFuture.completedFuture(writer.toByteArray());
    }

    @Test
    void locksAreHeldAgainInTheTableAndInTheFileSystem() throws Exception {
        Node first = node().take(journal);
        first.lock(ONE, 0, 5);
        first.shared(TWO, 10, 0);
        first.share(THREE, 1, 2);
        Node second = node().take(journal.next());
        assertThat(second.held()).containsExactly("10.0.0.1 0-4 x", "10.0.0.2 10-EOF s");
        assertThat(second.isLockedInTheFileSystem(new Range(0, 0))).isTrue();
        assertThat(second.isLockedInTheFileSystem(new Range(11, Range.EOF))).isTrue();
        assertThat(second.isLockedInTheFileSystem(new Range(5, 9))).isFalse();
        assertThat(second.lock(THREE, 4, 1)).isEqualTo(Stat.NLM4_DENIED);
        assertThat(second.lock(THREE, 5, 5)).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(second.share(ONE, 2, 0)).isEqualTo(Stat.NLM4_DENIED);
        assertThat(second.unlock(ONE, 0, 5)).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(second.lock(THREE, 0, 5)).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(second.state.table().count()).isEqualTo(first.state.table().count());
    }

    @Test
    void aReleaseLeavesNothingHereAndAllInTheJournal() throws Exception {
        Node first = node().take(journal);
        first.lock(ONE, 0, 5);
        first.waiting(TWO, 0, 5);
        int before = journal.size();
        first.mooring.release();
        first.mooring.release();
        assertThat(journal.size()).isEqualTo(before);
        assertThat(first.state.table().count()).isZero();
        assertThat(first.targets.files.open).isZero();
        assertThat(first.isLockedInTheFileSystem(Range.ALL)).isFalse();
        assertThat(first.peers.calls).as("nobody was granted anything").isEmpty();
        journal.compact();
        MemoryJournal next = journal.next();
        Node second = node().take(next);
        assertThat(second.held()).containsExactly("10.0.0.1 0-4 x");
        assertThat(second.waiters()).containsExactly("10.0.0.2 0-4");
        second.mooring.release();
        first.take(next.next());
        assertThat(first.held()).containsExactly("10.0.0.1 0-4 x");
    }

    @Test
    void waitersGetTheirLocksInTheirOrderWhenTheHolderUnlocks() throws Exception {
        Node first = node().take(journal);
        first.lock(ONE, 0, 5);
        first.waiting(THREE, 0, 5);
        first.waiting(TWO, 0, 5);
        first.waiting(THREE, 0, 5);
        journal.compact();
        Node second = node();
        second.peers.script = call -> answer(Stat.NLM4_GRANTED);
        second.take(journal.next());
        assertThat(second.waiters()).containsExactly("10.0.0.3 0-4", "10.0.0.2 0-4");
        second.unlock(ONE, 0, 5);
        second.awaitHeld("10.0.0.3 0-4 x");
        await().until(() -> second.peers.calls.size() == 1);
        assertThat(second.peers.calls.get(0).options().remote().getAddress()).isEqualTo(Locking.address("10.0.0.3"));
        assertThat(second.cancel(TWO, 0, 5)).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(second.waiters()).isEmpty();
    }

    @Test
    void whoBeginsToWaitAfterwardsIsBehindTheOthers() throws Exception {
        Node first = node().take(journal);
        for (int i = 0; i < 10; i++) {
            first.lock(ONE, 0, 5);
            first.unlock(ONE, 0, 5);
        }
        first.lock(ONE, 0, 5);
        first.waiting(THREE, 0, 5);
        Node second = node().take(journal.next());
        second.waiting(TWO, 0, 5);
        assertThat(second.waiters()).containsExactly("10.0.0.3 0-4", "10.0.0.2 0-4");
    }

    /** The node died between the unlock and the grant: nothing else will wake the waiter. */
    @Test
    void aWaiterThatNobodyKeepsWaitingGetsItsLockAtOnce() throws Exception {
        Node first = node().take(journal);
        first.lock(ONE, 0, 5);
        first.waiting(TWO, 0, 5);
        int before = journal.size();
        first.unlock(ONE, 0, 5);
        MemoryJournal cut = journal.next();
        // The unlock is there, the grant is not.
        cut.truncate(before + 1);
        assertThat(cut.size()).isEqualTo(before + 1);
        Node second = node().take(cut.next());
        assertThat(second.held()).containsExactly("10.0.0.2 0-4 x");
        await().until(() -> !second.peers.calls.isEmpty());
    }

    @Test
    void aGrantThatWasNotConfirmedIsToldAgain() throws Exception {
        Node first = node().take(journal);
        first.lock(ONE, 0, 5);
        first.waiting(TWO, 0, 5);
        first.unlock(ONE, 0, 5);
        await().until(() -> !first.peers.calls.isEmpty());
        journal.compact();
        first.mooring.release();
        Node second = node();
        second.peers.script = call -> answer(Stat.NLM4_GRANTED);
        MemoryJournal next = journal.next();
        second.take(next);
        await().until(() -> second.peers.calls.size() == 1);
        int told = journal.size();
        await().until(() -> next.size() > told);
        assertThat(second.held()).containsExactly("10.0.0.2 0-4 x");
        Node third = node().take(next.next());
        assertThat(third.unlock(TWO, 0, 5)).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(third.peers.calls).as("it is known that the client knows").isEmpty();
    }

    /** It may have accepted the first call: to take the lock back would give it to two. */
    @Test
    void aGrantThatIsRefusedTheSecondTimeStays() throws Exception {
        Node first = node().take(journal);
        first.lock(ONE, 0, 5);
        first.waiting(TWO, 0, 5);
        first.unlock(ONE, 0, 5);
        Node second = node();
        second.peers.script = call -> answer(Stat.NLM4_DENIED);
        second.take(journal.next());
        await().until(() -> !second.peers.calls.isEmpty());
        assertThat(second.lock(ONE, 0, 5)).isEqualTo(Stat.NLM4_DENIED);
        assertThat(second.held()).containsExactly("10.0.0.2 0-4 x");
    }

    /** What it held before the grant that it does not want it holds again. */
    @Test
    void aCancelAfterTheTakeOverGivesBackWhatWasHeldBefore() throws Exception {
        Node first = node().take(journal);
        first.shared(TWO, 0, 5);
        first.shared(ONE, 0, 5);
        first.waiting(TWO, 0, 5);
        first.unlock(ONE, 0, 5);
        Node second = node().take(journal.next());
        assertThat(second.held()).containsExactly("10.0.0.2 0-4 x");
        assertThat(second.cancel(TWO, 0, 5)).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(second.held()).containsExactly("10.0.0.2 0-4 s");
        assertThat(second.shared(ONE, 0, 5)).isEqualTo(Stat.NLM4_GRANTED);
    }

    @Test
    void limitsDoNotKeepAnythingAway() throws Exception {
        Node first = node().take(journal);
        for (int i = 0; i < 10; i++) {
            first.lock(ONE, 2L * i, 1);
        }
        Node second = node();
        second.state.table().limit(new io.mooring.lockd.internal.table.LockTable.Limits(5, 5));
        second.take(journal.next());
        assertThat(second.held()).hasSize(10);
        assertThat(second.lock(TWO, 100, 1)).isEqualTo(Stat.NLM4_DENIED_NOLOCKS);
    }

    @Test
    void thePreviousHolderInTheFileSystemIsWaitedFor() throws Exception {
        Node first = node().take(journal);
        first.lock(ONE, 0, 5);
        Node second = node();
        second.targets.files.localLock(Node.file(), new Range(0, 4), Kind.EXCLUSIVE);
        CompletableFuture<Node> taken = CompletableFuture.supplyAsync(() -> {
            try {
                return second.take(journal.next());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        await().until(() -> second.targets.files.open > 0);
        assertThat(second.held()).as("no client can steal it").hasSize(1);
        second.targets.files.localLock(Node.file(), new Range(0, 4), Kind.NONE);
        taken.get(10, java.util.concurrent.TimeUnit.SECONDS);
        assertThat(second.isLockedInTheFileSystem(new Range(0, 4))).isTrue();
    }

    @Test
    void whereItDoesNotGoTheLockIsHeldInTheTableAndTriedAgain() throws Exception {
        Node first = node().take(journal);
        first.lock(ONE, 0, 5);
        Node second = node();
        second.targets.files.localLock(Node.file(), new Range(2, 2), Kind.EXCLUSIVE);
        second.take(journal.next());
        assertThat(second.held()).hasSize(1);
        assertThat(second.lock(TWO, 0, 1)).isEqualTo(Stat.NLM4_DENIED);
        second.targets.files.localLock(Node.file(), new Range(2, 2), Kind.NONE);
        await().until(() -> second.isLockedInTheFileSystem(new Range(2, 2)));
    }

    @Test
    void theLocksOfAFileThatIsGoneAreDropped() throws Exception {
        Node first = node().take(journal);
        first.lock(ONE, 0, 5);
        first.waiting(TWO, 0, 5);
        Node second = node();
        second.targets.files.failure = Status.STALE;
        MemoryJournal next = journal.next();
        second.take(next);
        assertThat(second.state.table().count()).isZero();
        assertThat(second.peers.calls).isEmpty();
        assertThat(node().take(next.next()).state.table().count()).isZero();
    }

    @Test
    void theLocksOfAnExportThatIsGoneStay() throws Exception {
        Node first = node().take(journal);
        first.lock(ONE, 0, 5);
        Node second = node();
        second.targets.failure = Status.STALE;
        second.take(journal.next());
        assertThat(second.held()).hasSize(1);
        assertThat(second.unlock(ONE, 0, 5)).isEqualTo(Stat.NLM4_GRANTED);
    }

    @Test
    void withoutTheNfsServerItCannotBeTakenNow() throws Exception {
        Node first = node().take(journal);
        first.lock(ONE, 0, 5);
        Node second = node();
        MemoryJournal next = journal.next();
        second.resolver = null;
        assertThatThrownBy(() -> second.take(next)).isInstanceOf(IOException.class);
        second.resolver = second.targets;
        assertThat(second.take(next).held()).hasSize(1);
    }

    private static void assertNothingIsLeft(Node node) {
        assertThat(node.state.table().count()).isZero();
        assertThat(node.targets.files.open).isZero();
        assertThat(node.state.services().of(Locking.SERVICE)).isNull();
    }

    /** Failover releases it then, and tries again. */
    @Test
    void whatBreaksDownOnTheWayIsTakenAfterwards() throws Exception {
        Node first = node().take(journal);
        first.lock(ONE, 0, 5);
        first.waiting(TWO, 0, 5);
        Node second = node();
        MemoryJournal next = journal.next();
        second.targets.error = new IllegalStateException("oops");
        assertThatThrownBy(() -> second.take(next)).isSameAs(second.targets.error);
        second.mooring.release();
        assertNothingIsLeft(second);
        second.targets.error = null;
        assertThat(second.take(next).held()).containsExactly("10.0.0.1 0-4 x");
        assertThat(second.waiters()).containsExactly("10.0.0.2 0-4");
        assertThat(second.isLockedInTheFileSystem(new Range(0, 0))).isTrue();
        second.mooring.release();
        assertThat(node().take(next.next()).held()).containsExactly("10.0.0.1 0-4 x");
    }

    @Test
    void nothingIsLeftOfAnAddressThatTheServiceNoLongerHas() throws Exception {
        InetAddress six = Locking.address("2001:db8::9");
        Node first = node(Locking.SERVICE, six).take(journal);
        first.lock(FakeCall.from("2001:db8::1").to("2001:db8::9"), 10, 5);
        first.lock(ONE, 0, 5);
        Node second = node();
        MemoryJournal next = journal.next();
        IllegalStateException error = new IllegalStateException("oops");
        next.refuse(error);
        assertThatThrownBy(() -> second.take(next)).isSameAs(error);
        second.mooring.release();
        assertNothingIsLeft(second);
        next.refuse(null);
        assertThat(second.take(next).held()).containsExactly("10.0.0.1 0-4 x");
        assertThat(node(Locking.SERVICE, six).take(next.next()).held()).containsExactly("10.0.0.1 0-4 x");
    }

    @Test
    void aDirectoryThatCannotBeReadIsTriedAgainWithTheSameJournal() throws Exception {
        Node first = node().take(journal);
        first.lock(ONE, 0, 5);
        Node second = node();
        Path hosts = service.resolve("lockd");
        java.nio.file.Files.move(hosts, service.resolve("away"));
        java.nio.file.Files.writeString(hosts, "in the way");
        MemoryJournal next = journal.next();
        assertThatThrownBy(() -> second.take(next)).isInstanceOf(IOException.class);
        assertThat(second.state.table().count()).isZero();
        java.nio.file.Files.delete(hosts);
        java.nio.file.Files.move(service.resolve("away"), hosts);
        assertThat(second.take(next).held()).hasSize(1);
    }

    @Test
    void aJournalThatIsNotUnderstoodIsNotTaken() {
        journal.append(new byte[] {9, 9, 9, 9});
        Node node = node();
        assertThatThrownBy(() -> node.take(journal.next()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("record 1 of lockd's journal");
        assertThat(node.state.services().of(Locking.SERVICE)).isNull();
    }

    @Test
    void aCompleteJournalNeedsNoGrace() throws Exception {
        Node first = node().take(journal);
        first.lock(ONE, 0, 5);
        int state = first.entries.grace().get(0).state();
        first.mooring.release();
        Node second = node().take(journal.next());
        assertThat(second.entries.grace())
                .hasSize(1)
                .allMatch(row -> row.remaining().isZero() && row.state() == state && row.awaited() == 0);
        assertThat(second.entries.hosts()).hasSize(1).allMatch(row -> row.monitored() && !row.unnotified());
        assertThat(second.lock(TWO, 10, 1)).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(second.peers.calls).isEmpty();
        assertThat(service.resolve("lockd/10.0.0.9/monitored/10.0.0.1")).exists();
    }

    @Test
    void anIncompleteOneMakesHostsReclaim() throws Exception {
        Node first = node().take(journal);
        first.lock(ONE, 0, 5);
        first.lock(TWO, 10, 5);
        int state = first.entries.grace().get(0).state();
        first.mooring.release();
        Node second = node();
        MemoryJournal next = journal.next().lazy();
        second.state.services().arrive(List.of(Locking.address("10.0.0.10")));
        second.take(next, false);
        assertThat(second.held()).isEmpty();
        await().until(() -> second.peers.calls.stream().anyMatch(call -> call.program() == Sm1.PROGRAM));
        assertThat(second.lock(THREE, 20, 1)).isEqualTo(Stat.NLM4_DENIED_GRACE_PERIOD);
        assertThat(second.lock(THREE.to("10.0.0.10"), 20, 1)).as("not moored").isEqualTo(Stat.NLM4_GRANTED);
        assertThat(second.reclaim(ONE, 0, 5)).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(second.entries.grace())
                .anyMatch(row ->
                        row.service().equals("10.0.0.9") && !row.remaining().isZero() && row.state() == state + 2);
        // The next node has what was reclaimed, and lets the others reclaim, too.
        second.mooring.release();
        Node third = node().take(next.next());
        assertThat(third.held()).containsExactly("10.0.0.1 0-4 x");
        assertThat(third.reclaim(TWO, 10, 5)).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(third.lock(THREE, 20, 1)).isEqualTo(Stat.NLM4_DENIED_GRACE_PERIOD);
    }

    @Test
    void aGracePeriodThatIsOverIsNotRepeated() throws Exception {
        Node first = node().take(journal);
        first.lock(ONE, 0, 5);
        MemoryJournal next = journal.next();
        Node second = node();
        second.take(next, false);
        second.notify(ONE, 9);
        second.state.services().tidy();
        assertThat(second.lock(TWO, 0, 5)).isEqualTo(Stat.NLM4_GRANTED);
        Node third = node().take(next.next());
        assertThat(third.entries.grace()).allMatch(row -> row.remaining().isZero());
        assertThat(third.held()).containsExactly("10.0.0.2 0-4 x");
    }

    /** It holds what it reclaimed at the first node; that it does not do so again takes nothing from it. */
    @Test
    void whoReclaimedBeforeStaysRecorded() throws Exception {
        Node first = node().take(journal);
        first.lock(ONE, 0, 5);
        first.lock(TWO, 10, 5);
        MemoryJournal next = journal.next();
        Node second = node();
        second.take(next, false);
        second.reclaim(ONE, 0, 5);
        second.mooring.release();
        Node third = node().take(next.next());
        third.state.services().restarted(Locking.address("10.0.0.2"), 5);
        assertThat(third.entries.grace()).allMatch(row -> row.awaited() == 1);
        third.state.services().restarted(Locking.address("10.0.0.1"), 3);
        assertThat(third.held()).hasSize(1);
        assertThat(service.resolve("lockd/10.0.0.9/monitored/10.0.0.1")).exists();
        assertThat(service.resolve("lockd/10.0.0.9/monitored/10.0.0.2")).doesNotExist();
    }

    @Test
    void addressesOfBothKindsHaveOneJournal() throws Exception {
        InetAddress six = Locking.address("2001:db8::9");
        Node first = node(Locking.SERVICE, six).take(journal);
        first.lock(ONE, 0, 5);
        FakeCall client = FakeCall.from("2001:db8::1").to("2001:db8::9");
        first.lock(client, 10, 5);
        Node second = node(Locking.SERVICE, six).take(journal.next());
        assertThat(second.held()).hasSize(2);
        assertThat(second.unlock(client, 10, 5)).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(second.held()).containsExactly("10.0.0.1 0-4 x");
    }

    @Test
    void theLocksOfAnAddressThatTheServiceNoLongerHasAreReleasedForGood() throws Exception {
        InetAddress six = Locking.address("2001:db8::9");
        Node first = node(Locking.SERVICE, six).take(journal);
        first.lock(FakeCall.from("2001:db8::1").to("2001:db8::9"), 10, 5);
        first.lock(ONE, 0, 5);
        MemoryJournal next = journal.next();
        Node second = node().take(next);
        assertThat(second.held()).containsExactly("10.0.0.1 0-4 x");
        assertThat(node(Locking.SERVICE, six).take(next.next()).held()).containsExactly("10.0.0.1 0-4 x");
    }

    @Test
    void aServerThatGoesReleasesWhatIsStillTaken() throws Exception {
        Node node = node().take(journal);
        node.state.services().arrive(List.of(Locking.SERVICE));
        node.lock(ONE, 0, 5);
        int before = journal.size();
        node.participant.close();
        assertThat(journal.size()).isEqualTo(before);
        assertThat(node.targets.files.open).isZero();
        assertThat(node.state.services().of(Locking.SERVICE)).isNull();
    }
}
