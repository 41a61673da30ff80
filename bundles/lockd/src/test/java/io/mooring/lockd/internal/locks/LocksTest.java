package io.mooring.lockd.internal.locks;

import static io.mooring.lockd.internal.table.Locking.SERVICE;
import static io.mooring.lockd.internal.table.Locking.exclusive;
import static io.mooring.lockd.internal.table.Locking.file;
import static io.mooring.lockd.internal.table.Locking.owner;
import static io.mooring.lockd.internal.table.Locking.shared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mooring.lockd.internal.locks.Outcome.Status;
import io.mooring.lockd.internal.table.Owner;
import io.mooring.lockd.internal.table.Range;
import io.mooring.lockd.internal.table.UnionPart.Kind;
import io.mooring.vfs.VfsException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LocksTest extends LocksFixture {

    @Test
    void locksAreInTheFileSystemToo() throws VfsException {
        assertThat(lock(exclusive(one, a, 2, 4))).isEqualTo(Status.GRANTED);
        assertThat(lock(shared(one, b, 6, 7))).isEqualTo(Status.GRANTED);
        assertThat(ours(one)).isEqualTo("..EEE.SS............");
        assertThat(files.localLock(one, new Range(4, 4), Kind.SHARED)).isFalse();
        assertThat(files.localLock(one, new Range(7, 7), Kind.SHARED)).isTrue();
    }

    @Test
    void anUnlockLeavesTheOthersShare() throws VfsException {
        lock(shared(one, a, 0, 9));
        lock(shared(one, b, 5, 14));
        locks.unlock(one, a, Range.ALL);
        assertThat(ours(one)).isEqualTo(".....SSSSSSSSSS.....");
        locks.unlock(one, b, new Range(6, 6));
        assertThat(ours(one)).isEqualTo(".....S.SSSSSSSS.....");
    }

    @Test
    void oneDescriptionCarriesAllAndIsClosedAfterTheLast() throws VfsException {
        lock(shared(one, a, 0, 0));
        lock(shared(one, b, 0, 0));
        assertThat(files.open).isOne();
        locks.unlock(one, a, Range.ALL);
        assertThat(files.open).isOne();
        locks.unlock(one, b, Range.ALL);
        assertThat(files.open).isZero();
    }

    @Test
    void aDeniedLockLeavesNothingOpen() throws VfsException {
        files.localLock(one, Range.ALL, Kind.EXCLUSIVE);
        Outcome outcome = locks.lock(exclusive(one, a, 3, 3), 0, null, files.opener(one));
        assertThat(outcome.status()).isEqualTo(Status.DENIED);
        assertThat(outcome.holder().owner()).isNull();
        assertThat(outcome.holder().svid()).isEqualTo(4711);
        assertThat(files.open).isZero();
        assertThat(table.count()).isZero();
    }

    @Test
    void testsSeeClientsAndLocalProcesses() throws VfsException {
        lock(exclusive(one, a, 0, 0));
        files.localLock(one, new Range(5, 5), Kind.SHARED);
        assertThat(locks.test(shared(one, b, 0, 0), files.opener(one)).owner()).isEqualTo(a);
        assertThat(locks.test(exclusive(one, b, 5, 5), files.opener(one)).svid())
                .isEqualTo(4711);
        assertThat(locks.test(shared(one, b, 5, 5), files.opener(one))).isNull();
        assertThat(locks.test(shared(one, a, 0, 0), files.opener(one))).isNull();
    }

    @Test
    void waitersAreGrantedInOrder() throws VfsException {
        lock(exclusive(one, a, 0, 9));
        assertThat(lockOrWait(exclusive(one, b, 0, 3))).isEqualTo(Status.BLOCKED);
        assertThat(lockOrWait(shared(one, c, 3, 9))).isEqualTo(Status.BLOCKED);
        locks.unlock(one, a, Range.ALL);
        assertThat(granted()).containsExactly(exclusive(one, b, 0, 3));
        assertThat(ours(one)).isEqualTo("EEEE................");
        locks.unlock(one, b, Range.ALL);
        assertThat(granted()).containsExactly(exclusive(one, b, 0, 3), shared(one, c, 3, 9));
    }

    @Test
    void aDowngradeLetsReadersIn() throws VfsException {
        lock(exclusive(one, a, 0, 9));
        lockOrWait(shared(one, b, 0, 0));
        lock(shared(one, a, 0, 9));
        assertThat(granted()).containsExactly(shared(one, b, 0, 0));
    }

    @Test
    void theLastReaderButOneLetsAnUpgradeThrough() throws VfsException {
        lock(shared(one, a, 0, 0));
        lock(shared(one, b, 0, 0));
        lockOrWait(exclusive(one, b, 0, 0));
        locks.unlock(one, a, Range.ALL);
        assertThat(granted()).containsExactly(exclusive(one, b, 0, 0));
        assertThat(ours(one)).startsWith("E.");
    }

    @Test
    void waitersOfALocalProcessAreRetried() throws VfsException {
        files.localLock(one, new Range(0, 0), Kind.EXCLUSIVE);
        assertThat(lockOrWait(exclusive(one, a, 0, 5))).isEqualTo(Status.BLOCKED);
        locks.retry();
        assertThat(grants).isEmpty();
        files.localLock(one, new Range(0, 0), Kind.NONE);
        locks.retry();
        assertThat(granted()).containsExactly(exclusive(one, a, 0, 5));
        assertThat(ours(one)).startsWith("EEEEEE.");
    }

    @Test
    void aNewcomerDoesNotOvertakeWhoWaitedForALocalProcess() throws VfsException {
        files.localLock(one, new Range(0, 0), Kind.EXCLUSIVE);
        lockOrWait(exclusive(one, a, 0, 5));
        lockOrWait(exclusive(one, b, 0, 5));
        files.localLock(one, new Range(0, 0), Kind.NONE);
        assertThat(lock(exclusive(one, c, 5, 5))).isEqualTo(Status.DENIED);
        assertThat(granted()).containsExactly(exclusive(one, a, 0, 5));
    }

    @Test
    void aNewcomerElsewhereLeavesItToTheNextAttempt() throws VfsException {
        files.localLock(one, new Range(0, 0), Kind.EXCLUSIVE);
        lockOrWait(exclusive(one, a, 0, 5));
        files.localLock(one, new Range(0, 0), Kind.NONE);
        assertThat(lock(exclusive(one, c, 9, 9))).isEqualTo(Status.GRANTED);
        locks.retry();
        assertThat(granted()).containsExactly(exclusive(one, a, 0, 5));
    }

    @Test
    void aCancelledWaiterGetsNothing() throws VfsException {
        lock(exclusive(one, a, 0, 0));
        lockOrWait(exclusive(one, b, 0, 0));
        assertThat(locks.cancel(exclusive(one, b, 0, 0))).isTrue();
        assertThat(locks.cancel(exclusive(one, b, 0, 0))).isFalse();
        locks.unlock(one, a, Range.ALL);
        assertThat(grants).isEmpty();
        assertThat(files.open).isZero();
    }

    @Test
    void aHostsOwnersAreReleased() throws VfsException {
        lock(exclusive(one, a, 0, 0));
        Owner other = owner("10.0.0.1", 2);
        lock(exclusive(one, other, 1, 1));
        lockOrWait(exclusive(one, b, 0, 0));
        locks.share(one, a, 1, 2);
        lockOrWait(exclusive(one, a, 1, 1));
        assertThat(locks.release(a.host(), owner -> owner.equals(a))).isOne();
        assertThat(granted()).containsExactly(exclusive(one, b, 0, 0));
        assertThat(table.owners(a.host())).containsExactly(other);
        assertThat(ours(one)).startsWith("EE.");
    }

    @Test
    void whatCameThroughAnAddressGoesWithIt() throws VfsException {
        lock(exclusive(one, a, 0, 0));
        lockOrWait(exclusive(one, b, 0, 0));
        locks.retire(SERVICE);
        assertThat(table.count()).isZero();
        assertThat(files.open).isZero();
        assertThat(lock(exclusive(one, a, 0, 0))).isEqualTo(Status.GONE);
        assertThat(lockOrWait(exclusive(one, a, 0, 0))).isEqualTo(Status.GONE);
        assertThat(ours(one)).startsWith("..");
        assertThat(files.open).isZero();
    }

    @Test
    void clientsLockAmongThemselvesWhereTheFileSystemFails() throws VfsException {
        files.failure = VfsException.Status.NOTSUPP;
        assertThat(lock(exclusive(one, a, 0, 0))).isEqualTo(Status.GRANTED);
        assertThat(lock(exclusive(one, b, 0, 0))).isEqualTo(Status.DENIED);
        assertThat(locks.test(shared(one, a, 3, 3), files.opener(one))).isNull();
        assertThat(locks.unlock(one, a, Range.ALL)).isTrue();
        assertThat(lock(exclusive(one, b, 0, 0))).isEqualTo(Status.GRANTED);
    }

    @Test
    void aLockThatFailsLaterIsStillAClientsLock() throws VfsException {
        lock(exclusive(one, a, 0, 0));
        files.failure = VfsException.Status.IO;
        assertThat(lock(exclusive(one, a, 5, 5))).isEqualTo(Status.GRANTED);
        assertThat(lock(exclusive(one, b, 5, 5))).isEqualTo(Status.DENIED);
        assertThat(locks.unlock(one, a, Range.ALL)).isTrue();
        files.failure = null;
        assertThat(ours(one)).startsWith("..");
    }

    @Test
    void aFileThatIsGoneIsRefusedAndNotRemembered() {
        files.failure = VfsException.Status.STALE;
        assertThatThrownBy(() -> lock(exclusive(one, a, 0, 0))).isInstanceOf(VfsException.class);
        assertThat(table.count()).isZero();
        files.failure = null;
        assertThatNoException().isThrownBy(() -> lock(exclusive(one, a, 0, 0)));
        assertThat(ours(one)).startsWith("E.");
    }

    @Test
    void onlySoManyFilesAreOpen() throws VfsException {
        lock(exclusive(one, a, 0, 0));
        lock(exclusive(file(2), a, 0, 0));
        assertThat(lock(exclusive(file(3), a, 0, 0))).isEqualTo(Status.GRANTED);
        assertThat(files.open).isEqualTo(2);
        locks.unlock(one, a, Range.ALL);
        assertThat(lock(exclusive(file(4), a, 0, 0))).isEqualTo(Status.GRANTED);
        assertThat(files.open).isEqualTo(2);
    }

    @Test
    void limitsLeaveTheFileSystemAsItWas() throws VfsException {
        for (int i = 0; i < 10; i++) {
            lock(exclusive(one, a, 2L * i, 2L * i));
        }
        String before = ours(one);
        assertThat(lock(exclusive(one, a, 1, 1))).isEqualTo(Status.NO_LOCKS);
        assertThat(ours(one)).isEqualTo(before);
    }

    @Test
    void deadlocksAreTold() throws VfsException {
        lock(exclusive(one, a, 0, 0));
        lock(exclusive(one, b, 1, 1));
        lockOrWait(exclusive(one, a, 1, 1));
        assertThat(lockOrWait(exclusive(one, b, 0, 0))).isEqualTo(Status.DEADLOCK);
    }

    @Test
    void closingReleasesAllInFileSystems() throws VfsException {
        lock(exclusive(one, a, 0, 0));
        locks.close();
        assertThat(files.open).isZero();
        assertThat(ours(one)).startsWith("..");
        assertThatThrownBy(() -> lock(exclusive(file(2), a, 0, 0))).isInstanceOf(VfsException.class);
        assertThat(files.open).isZero();
    }

    @Test
    void closingWaitsForALockThatIsBeingTaken() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        files.beforeLock = () -> {
            begun.countDown();
            awaitLatch(go);
        };
        CompletableFuture<Status> locking = CompletableFuture.supplyAsync(() -> {
            try {
                return lock(exclusive(one, a, 0, 0));
            } catch (VfsException e) {
                throw new CompletionException(e);
            }
        });
        awaitLatch(begun);
        Thread closing = new Thread(locks::close);
        closing.start();
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING || !closing.isAlive());
        assertThat(files.open).as("its number could be another file's at once").isOne();
        go.countDown();
        assertThat(locking.get(10, TimeUnit.SECONDS)).isEqualTo(Status.GRANTED);
        closing.join(10_000);
        assertThat(files.open).isZero();
        assertThat(ours(one)).startsWith("..");
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
