package io.mooring.lockd.internal.nsm;

import static io.mooring.lockd.internal.table.Locking.exclusive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mooring.lockd.internal.locks.Locks;
import io.mooring.lockd.internal.locks.Mirrors;
import io.mooring.lockd.internal.table.FileKey;
import io.mooring.lockd.internal.table.Host;
import io.mooring.lockd.internal.table.LockTable;
import io.mooring.lockd.internal.table.LockTable.Result;
import io.mooring.lockd.internal.table.Locking;
import io.mooring.lockd.internal.table.Owner;
import io.mooring.lockd.internal.table.Range;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServicesTest {
    private static final InetAddress A = Locking.SERVICE;
    private static final InetAddress B = Locking.address("10.0.0.10");
    private static final InetAddress ONE = Locking.address("10.0.0.1");
    private static final InetAddress TWO = Locking.address("10.0.0.2");

    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private final List<HostMonitor> notifying = new ArrayList<>();
    private final FileKey file = Locking.file(1);
    /** Runs once, when an address that comes is to have a grace period. */
    private Runnable atGrace = () -> {};

    private Node node = new Node();

    /** One node, or one life of it. */
    private final class Node {
        final LockTable table = new LockTable(new LockTable.Limits(100, 100), Clock.systemUTC());
        final Locks locks = new Locks(table, new Mirrors(10), grant -> {});
        private Services services;

        Services services() {
            if (services == null) {
                services = new Services(
                        new Services.Settings(new StateDirectories(directory, directory.resolve("own")), 3),
                        () -> {
                            atGrace.run();
                            atGrace = () -> {};
                            return Duration.ofSeconds(45);
                        },
                        table,
                        locks,
                        nanos::get,
                        (monitor, present) -> notifying.add(monitor));
            }
            return services;
        }

        Node with(InetAddress... addresses) {
            services().arrive(List.of(addresses));
            return this;
        }

        /** As a LOCK does; false where the host cannot be recorded. */
        boolean lock(InetAddress client, InetAddress service, int svid, int state) {
            try (HostMonitor.Use use =
                    services().of(service).use(client, "c", services().holdsSomething(service))) {
                Owner owner = new Owner(new Host(client, service), svid, new byte[0]);
                return use != null && table.set(exclusive(file, owner, svid, svid), state) == Result.DONE;
            }
        }
    }

    private void pass(int seconds) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    @Test
    void aRestartTellsHostsAndWaitsForThem() {
        node.with(A).lock(ONE, A, 1, 3);
        assertThat(node.services().of(A).state()).isEqualTo(1);
        assertThat(node.services().of(A).inGrace()).isFalse();
        node = new Node().with(A);
        HostMonitor monitor = node.services().of(A);
        assertThat(monitor.state()).isEqualTo(3);
        assertThat(monitor.inGrace()).isTrue();
        assertThat(notifying).containsExactly(monitor);
        assertThat(monitor.unnotified()).containsOnlyKeys(ONE);
        assertThat(monitor.mayReclaim(ONE)).isTrue();
        assertThat(monitor.mayReclaim(TWO)).isFalse();
        assertThat(monitor.awaited()).isOne();
        pass(45);
        assertThat(monitor.inGrace()).isFalse();
        assertThat(monitor.mayReclaim(ONE)).isFalse();
    }

    @Test
    void addressesThatComeTogetherWaitTogether() {
        node.with(A, B).lock(ONE, A, 1, 3);
        node = new Node().with(A, B);
        assertThat(node.services().of(B).inGrace()).isTrue();
        assertThat(node.services().of(B).mayReclaim(ONE)).isFalse();
    }

    @Test
    void anAddressThatMovesWaitsAlone() {
        Node other = new Node().with(A);
        other.lock(ONE, A, 1, 3);
        node.with(B);
        other.services().leave(A);
        assertThat(other.table.count()).isZero();
        node.with(A);
        assertThat(node.services().of(A).inGrace()).isTrue();
        assertThat(node.services().of(A).mayReclaim(ONE)).isTrue();
        assertThat(node.services().of(A).state()).isEqualTo(3);
        assertThat(node.services().of(B).inGrace()).isFalse();
    }

    /** Each node has them. */
    @Test
    void loopbackAddressesAreRecordedByTheNodeItself() {
        InetAddress loopback = Locking.address("127.0.0.1");
        node.with(A, loopback).lock(ONE, A, 1, 3);
        node.lock(TWO, loopback, 1, 3);
        assertThat(directory.resolve("10.0.0.9/monitored/10.0.0.1")).exists();
        assertThat(directory.resolve("own/127.0.0.1/monitored/10.0.0.2")).exists();
        assertThat(directory.resolve("127.0.0.1")).doesNotExist();
    }

    @Test
    void aNodeThatLostTheAddressRecordsAndForgetsNothing() {
        node.with(A).lock(ONE, A, 1, 3);
        HostMonitor monitor = node.services().of(A);
        node.services().leave(A);
        assertThat(monitor.use(TWO, "c", client -> false)).isNull();
        monitor.notified(ONE);
        monitor.endGrace();
        monitor.tidy(client -> false);
        monitor.tidy(client -> false);
        assertThat(directory.resolve("10.0.0.9/monitored/10.0.0.1")).exists();
        assertThat(directory.resolve("10.0.0.9/monitored/10.0.0.2")).doesNotExist();
        assertThat(node.services().of(A)).isNull();
    }

    @Test
    void whoDidNotReclaimCannotAfterTheNextRestart() {
        node.with(A).lock(ONE, A, 1, 3);
        node.lock(TWO, A, 2, 3);
        node = new Node().with(A);
        node.lock(TWO, A, 2, 3);
        pass(45);
        node.services().tidy();
        node = new Node().with(A);
        assertThat(node.services().of(A).mayReclaim(ONE))
                .as("others may have had its locks")
                .isFalse();
        assertThat(node.services().of(A).mayReclaim(TWO)).isTrue();
        assertThat(node.services().of(A).unnotified())
                .as("it is still to be told")
                .containsOnlyKeys(ONE, TWO);
    }

    @Test
    void aCrashInTheGracePeriodTakesNobodysRight() {
        node.with(A).lock(ONE, A, 1, 3);
        new Node().with(A);
        node = new Node().with(A);
        assertThat(node.services().of(A).mayReclaim(ONE)).isTrue();
    }

    @Test
    void whoWasToldIsNotToldAgain() {
        node.with(A).lock(ONE, A, 1, 3);
        node = new Node().with(A);
        node.services().of(A).notified(ONE);
        pass(45);
        node.services().tidy();
        notifying.clear();
        node = new Node().with(A);
        assertThat(notifying).isEmpty();
        assertThat(node.services().of(A).inGrace()).isFalse();
    }

    @Test
    void theGracePeriodEndsWhenAllThatMightReclaimRestarted() {
        node.with(A).lock(ONE, A, 1, 3);
        node.lock(TWO, A, 2, 3);
        node = new Node().with(A);
        node.services().restarted(ONE, 5);
        assertThat(node.services().of(A).inGrace()).isTrue();
        assertThat(node.services().of(A).mayReclaim(ONE)).isFalse();
        assertThat(directory.resolve("10.0.0.9/monitored/10.0.0.1")).doesNotExist();
        node.services().restarted(TWO, 5);
        assertThat(node.services().of(A).inGrace()).isFalse();
    }

    @Test
    void itGoesOnWhileSomebodyIsAwaitedThroughAnotherAddress() {
        node.with(A, B).lock(ONE, A, 1, 3);
        node.lock(TWO, B, 2, 3);
        node = new Node().with(A, B);
        node.services().restarted(ONE, 5);
        assertThat(node.services().of(A).inGrace()).isTrue();
        node.services().restarted(TWO, 5);
        assertThat(node.services().of(A).inGrace()).isFalse();
        assertThat(node.services().of(B).inGrace()).isFalse();
    }

    @Test
    void whoMayReclaimStaysRecorded() {
        node.with(A).lock(ONE, A, 1, 3);
        node = new Node().with(A);
        HostMonitor monitor = node.services().of(A);
        node.lock(ONE, A, 1, 3);
        node.locks.release(new Host(ONE, A), owner -> true);
        node.services().tidy();
        node.services().tidy();
        assertThat(monitor.mayReclaim(ONE)).isTrue();
        assertThat(directory.resolve("10.0.0.9/monitored/10.0.0.1")).exists();
        pass(46);
        node.services().tidy();
        node.services().tidy();
        assertThat(directory.resolve("10.0.0.9/monitored/10.0.0.1")).doesNotExist();
    }

    @Test
    void hostsSeeAnotherStateAlsoWhereItCannotBeWritten() throws IOException {
        node.with(A).lock(ONE, A, 1, 3);
        Files.createSymbolicLink(directory.resolve("10.0.0.9/notify"), directory.resolve("nowhere"));
        node = new Node().with(A);
        assertThat(node.services().of(A).state()).isEqualTo(3);
        assertThat(node.services().of(A).mayReclaim(ONE)).isTrue();
        assertThat(notifying).hasSize(1);
    }

    @Test
    void anAddressThatGoesDuringACrashIsGone() throws InterruptedException {
        node.with(A).lock(ONE, A, 1, 3);
        Thread leaving = new Thread(() -> node.services().leave(A));
        atGrace = () -> {
            leaving.start();
            await().until(() -> leaving.getState() == Thread.State.BLOCKED || !leaving.isAlive());
        };
        node.services().simulateCrash();
        leaving.join(10_000);
        assertThat(node.services().of(A)).isNull();
    }

    @Test
    void aRestartedClientLosesWhatItLockedBefore() {
        node.with(A, B).lock(ONE, A, 1, 3);
        node.lock(ONE, B, 2, 3);
        node.lock(ONE, A, 3, 5);
        node.lock(ONE, A, 4, 0);
        node.lock(TWO, A, 5, 3);
        assertThat(node.services().restarted(ONE, 5)).isEqualTo(3);
        assertThat(node.table.owners(new Host(ONE, A))).extracting(Owner::svid).containsExactly(3);
        assertThat(node.table.count(new Host(TWO, A))).isOne();
    }

    @Test
    void hostsWithoutLocksAreForgottenAfterAWhile() {
        node.with(A).lock(ONE, A, 1, 3);
        node.lock(TWO, A, 2, 3);
        Path one = directory.resolve("10.0.0.9/monitored/10.0.0.1");
        node.locks.release(new Host(ONE, A), owner -> true);
        node.services().tidy();
        assertThat(one).exists();
        node.services().tidy();
        assertThat(one).doesNotExist();
        assertThat(directory.resolve("10.0.0.9/monitored/10.0.0.2")).exists();
        node.lock(ONE, A, 1, 3);
        assertThat(one).exists();
    }

    @Test
    void aHostInUseIsNotForgotten() {
        node.with(A);
        HostMonitor monitor = node.services().of(A);
        HostMonitor.Use use = monitor.use(ONE, "c", client -> false);
        monitor.tidy(client -> false);
        monitor.tidy(client -> false);
        assertThat(directory.resolve("10.0.0.9/monitored/10.0.0.1")).exists();
        use.close();
        monitor.tidy(client -> false);
        assertThat(directory.resolve("10.0.0.9/monitored/10.0.0.1")).doesNotExist();
    }

    @Test
    void onlySoManyHostsAreRecorded() {
        node.with(A);
        for (int i = 1; i <= 3; i++) {
            assertThat(node.lock(Locking.address("10.0.1." + i), A, i, 3)).isTrue();
        }
        assertThat(node.lock(ONE, A, 9, 3)).isFalse();
        node.locks.release(new Host(Locking.address("10.0.1.2"), A), owner -> true);
        assertThat(node.lock(ONE, A, 9, 3)).as("in place of one without locks").isTrue();
    }

    @Test
    void aDirectoryThatCannotBeUsedIsNoEndOfService() throws IOException {
        Files.writeString(directory.resolve("10.0.0.9"), "in the way");
        node.with(A, B);
        assertThat(node.services().of(A).state()).isEqualTo(1);
        assertThat(node.lock(ONE, A, 1, 3)).isFalse();
        assertThat(node.lock(ONE, B, 1, 3)).isTrue();
    }

    @Test
    void aSimulatedCrashIsLikeOne() {
        node.with(A).lock(ONE, A, 1, 3);
        node.services().simulateCrash();
        assertThat(node.table.count()).isZero();
        assertThat(node.services().of(A).mayReclaim(ONE)).isTrue();
        assertThat(notifying).hasSize(1);
    }

    @Test
    void addressesThatAreGoneAreLeft() {
        node.with(A, B).lock(ONE, A, 1, 3);
        node.services().retain(List.of(B));
        assertThat(node.services().of(A)).isNull();
        assertThat(node.table.held(file, new Owner(new Host(ONE, A), 1, new byte[0]), Range.ALL))
                .isEmpty();
        assertThat(node.services().all()).hasSize(1);
    }

    @Test
    void anAddressThatIsThereDoesNotComeAgain() {
        node.with(A);
        HostMonitor monitor = node.services().of(A);
        node.with(A);
        assertThat(node.services().of(A)).isSameAs(monitor);
    }
}
