package io.mooring.lockd.internal.locks;

import static io.mooring.lockd.internal.table.Locking.exclusive;
import static io.mooring.lockd.internal.table.Locking.shared;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.lockd.internal.locks.Outcome.Status;
import io.mooring.lockd.internal.table.Range;
import io.mooring.vfs.VfsException;
import org.junit.jupiter.api.Test;

/** What a waiter was given, while its client has not said whether it takes it. */
class UnansweredGrantsTest extends LocksFixture {

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
    void aDeniedLockLeavesAnUnansweredGrant() throws VfsException {
        lock(exclusive(one, a, 0, 3));
        lock(exclusive(one, c, 4, 4));
        lockOrWait(exclusive(one, b, 0, 3));
        locks.unlock(one, a, Range.ALL);
        assertThat(lock(exclusive(one, b, 3, 4))).as("of another thread").isEqualTo(Status.DENIED);
        assertThat(grants.get(0).hasEnded()).isFalse();
        assertThat(locks.takeBack(grants.get(0))).isTrue();
        assertThat(table.held(one, b, Range.ALL)).isEmpty();
    }

    @Test
    void whoIsToShareWhatItHadAloneHasItAloneUntilItsClientKnows() throws VfsException {
        lock(exclusive(one, a, 0, 9));
        lock(exclusive(one, b, 10, 19));
        lockOrWait(shared(one, c, 0, 5));
        lockOrWait(shared(one, a, 0, 14));
        locks.unlock(one, b, Range.ALL);
        assertThat(granted()).containsExactly(shared(one, a, 0, 14));
        assertThat(ours(one)).isEqualTo("EEEEEEEEEESSSSS.....");
        locks.confirm(grants.get(0));
        assertThat(granted()).containsExactly(shared(one, a, 0, 14), shared(one, c, 0, 5));
        assertThat(ours(one)).isEqualTo("SSSSSSSSSSSSSSS.....");
    }

    @Test
    void whoDoesNotWantToShareHasItAloneStill() throws VfsException {
        lock(exclusive(one, a, 0, 9));
        lock(exclusive(one, b, 10, 19));
        lockOrWait(shared(one, a, 0, 14));
        locks.unlock(one, b, Range.ALL);
        assertThat(lock(shared(one, c, 0, 5))).isEqualTo(Status.DENIED);
        locks.takeBack(grants.get(0));
        assertThat(ours(one)).isEqualTo("EEEEEEEEEE..........");
    }

    @Test
    void aRefusedGrantTakesNothingThatWasGrantedAfterIt() throws VfsException {
        lock(exclusive(one, a, 0, 14));
        lockOrWait(shared(one, b, 0, 9));
        lockOrWait(exclusive(one, b, 5, 14));
        locks.unlock(one, a, Range.ALL);
        assertThat(granted()).as("one after the other").containsExactly(shared(one, b, 0, 9));
        locks.takeBack(grants.get(0));
        assertThat(granted()).containsExactly(shared(one, b, 0, 9), exclusive(one, b, 5, 14));
        locks.confirm(grants.get(1));
        assertThat(ours(one)).isEqualTo(".....EEEEEEEEEE.....");
    }

    @Test
    void theNextGrantOfAnOwnerComesWhenTheFirstWasHeardOf() throws VfsException {
        grantOneOfTwo();
        locks.unlock(one, b, new Range(0, 0));
        assertThat(granted()).containsExactly(shared(one, b, 0, 9), exclusive(one, b, 5, 14));
        locks.unlock(one, b, Range.ALL);
        grants.clear();
        grantOneOfTwo();
        lock(exclusive(one, b, 0, 0));
        assertThat(granted()).containsExactly(shared(one, b, 0, 9), exclusive(one, b, 5, 14));
    }

    private void grantOneOfTwo() throws VfsException {
        lock(exclusive(one, b, 0, 1));
        lock(exclusive(one, a, 2, 14));
        lockOrWait(shared(one, b, 0, 9));
        lockOrWait(exclusive(one, b, 5, 14));
        locks.unlock(one, a, Range.ALL);
        assertThat(granted()).containsExactly(shared(one, b, 0, 9));
    }
}
