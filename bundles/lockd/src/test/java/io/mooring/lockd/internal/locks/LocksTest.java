package io.mooring.lockd.internal.locks;

import static io.mooring.lockd.internal.table.Locking.SERVICE;
import static io.mooring.lockd.internal.table.Locking.exclusive;
import static io.mooring.lockd.internal.table.Locking.file;
import static io.mooring.lockd.internal.table.Locking.owner;
import static io.mooring.lockd.internal.table.Locking.shared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.lockd.internal.locks.Outcome.Status;
import io.mooring.lockd.internal.table.CallBack;
import io.mooring.lockd.internal.table.FileKey;
import io.mooring.lockd.internal.table.LockRequest;
import io.mooring.lockd.internal.table.LockTable;
import io.mooring.lockd.internal.table.Owner;
import io.mooring.lockd.internal.table.Range;
import io.mooring.lockd.internal.table.UnionPart.Kind;
import io.mooring.vfs.VfsException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocksTest {
    private static final CallBack CALL_BACK = new CallBack() {};

    private final LockTable table = new LockTable(new LockTable.Limits(100, 10), Clock.systemUTC());
    private final FakeFiles files = new FakeFiles();
    private final List<Grant> grants = new ArrayList<>();
    private final Mirrors mirrors = new Mirrors(2);
    private final Locks locks = new Locks(table, mirrors, grants::add);
    private final FileKey one = file(1);
    private final Owner a = owner("10.0.0.1", 1);
    private final Owner b = owner("10.0.0.2", 1);
    private final Owner c = owner("10.0.0.3", 1);

    @BeforeEach
    void open() {
        table.open(SERVICE);
    }

    private Status lock(LockRequest request) throws VfsException {
        return locks.lock(request, 0, null, files.opener(request.file())).status();
    }

    private Status lockOrWait(LockRequest request) throws VfsException {
        return locks.lock(request, 0, CALL_BACK, files.opener(request.file())).status();
    }

    private String ours(FileKey file) {
        StringBuilder text = new StringBuilder();
        Arrays.stream(files.ours(file))
                .forEach(kind ->
                        text.append(kind == Kind.NONE ? '.' : kind.name().charAt(0)));
        return text.toString();
    }

    private List<LockRequest> granted() {
        return grants.stream().map(Grant::request).toList();
    }

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
    void aRefusedGrantIsTakenBackAndTheNextGetsIt() throws VfsException {
        lock(exclusive(one, a, 0, 0));
        lockOrWait(exclusive(one, b, 0, 0));
        lockOrWait(exclusive(one, c, 0, 0));
        locks.unlock(one, a, Range.ALL);
        assertThat(locks.takeBack(grants.get(0))).isTrue();
        assertThat(locks.takeBack(grants.get(0))).isFalse();
        assertThat(granted()).containsExactly(exclusive(one, b, 0, 0), exclusive(one, c, 0, 0));
        assertThat(table.held(one, b, Range.ALL)).isEmpty();
        assertThat(grants.get(1).hasEnded()).isFalse();
    }

    @Test
    void whatWasHeldBeforeARefusedGrantIsHeldAgain() throws VfsException {
        lock(shared(one, a, 0, 0));
        lock(shared(one, b, 0, 3));
        lockOrWait(exclusive(one, b, 0, 9));
        locks.unlock(one, a, Range.ALL);
        assertThat(ours(one)).startsWith("EEEEEEEEEE.");
        locks.takeBack(grants.get(0));
        assertThat(ours(one)).startsWith("SSSS......");
        assertThat(table.held(one, b, Range.ALL)).hasSize(1);
        assertThat(table.count()).isOne();
    }

    @Test
    void aGrantEndsWhenTheOwnerIsHeardOf() throws VfsException {
        lock(exclusive(one, a, 0, 0));
        lockOrWait(exclusive(one, b, 0, 0));
        locks.unlock(one, a, Range.ALL);
        assertThat(lock(exclusive(one, b, 0, 0))).as("it asks again").isEqualTo(Status.GRANTED);
        assertThat(grants.get(0).hasEnded()).isTrue();
        assertThat(locks.takeBack(grants.get(0))).isFalse();
        assertThat(table.held(one, b, Range.ALL)).hasSize(1);
    }

    @Test
    void aGrantEndsWithUnlockAndConfirmation() throws VfsException {
        lock(exclusive(one, a, 0, 9));
        lockOrWait(exclusive(one, b, 0, 0));
        lockOrWait(exclusive(one, b, 4, 4));
        locks.unlock(one, a, Range.ALL);
        locks.unlock(one, b, new Range(0, 0));
        locks.confirm(grants.get(1));
        assertThat(grants).allMatch(Grant::hasEnded);
        assertThat(ours(one)).startsWith("....E.");
    }

    @Test
    void aCancelThatComesAfterTheGrantTakesItBack() throws VfsException {
        lock(exclusive(one, a, 0, 9));
        lockOrWait(exclusive(one, b, 0, 0));
        lockOrWait(exclusive(one, c, 0, 0));
        locks.unlock(one, a, Range.ALL);
        assertThat(locks.cancel(exclusive(one, b, 0, 0))).isTrue();
        assertThat(grants.get(0).hasEnded()).isTrue();
        assertThat(granted()).containsExactly(exclusive(one, b, 0, 0), exclusive(one, c, 0, 0));
        locks.confirm(grants.get(1));
        assertThat(locks.cancel(exclusive(one, c, 0, 0))).as("it has its lock").isFalse();
        assertThat(ours(one)).startsWith("E.");
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
    }
}
