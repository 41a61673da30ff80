package io.mooring.lockd.internal.table;

import static io.mooring.lockd.internal.table.Locking.SERVICE;
import static io.mooring.lockd.internal.table.Locking.exclusive;
import static io.mooring.lockd.internal.table.Locking.file;
import static io.mooring.lockd.internal.table.Locking.owner;
import static io.mooring.lockd.internal.table.Locking.shared;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.lockd.internal.table.LockTable.Result;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LockTableTest {
    private final LockTable table =
            new LockTable(new LockTable.Limits(20, 10), Clock.fixed(Instant.ofEpochMilli(7), ZoneOffset.UTC));
    private final FileKey one = file(1);
    private final FileKey two = file(2);
    private final Owner a = owner("10.0.0.1", 1);
    private final Owner b = owner("10.0.0.2", 1);
    private final Owner c = owner("10.0.0.3", 1);

    @BeforeEach
    void open() {
        table.open(SERVICE);
    }

    private Result set(LockRequest request) {
        return table.set(request, 0);
    }

    @Test
    void rangesAreAsNlmNamesThem() {
        assertThat(Range.of(5, 0)).isEqualTo(new Range(5, Range.EOF));
        assertThat(Range.of(5, 1)).isEqualTo(new Range(5, 5));
        assertThat(Range.of(0, Long.MAX_VALUE)).isEqualTo(new Range(0, Long.MAX_VALUE - 1));
        assertThat(Range.of(1, Long.MAX_VALUE)).isEqualTo(new Range(1, Range.EOF));
        assertThat(Range.of(5, -1)).isEqualTo(new Range(5, Range.EOF));
        assertThat(Range.of(Long.MAX_VALUE, 1)).isEqualTo(new Range(Range.EOF, Range.EOF));
        assertThat(new Range(5, Range.EOF).length()).isZero();
        assertThat(new Range(5, 5).length()).isOne();
    }

    @Test
    void ownersDifferByHostProcessAndOh() {
        byte[] oh = "x".getBytes(StandardCharsets.US_ASCII);
        Owner owner = new Owner(Locking.host("10.0.0.1"), 1, oh);
        assertThat(owner).isEqualTo(new Owner(Locking.host("10.0.0.1"), 1, oh.clone()));
        assertThat(owner).isNotEqualTo(new Owner(Locking.host("10.0.0.2"), 1, oh));
        assertThat(owner).isNotEqualTo(new Owner(Locking.host("10.0.0.1"), 2, oh));
        assertThat(owner).isNotEqualTo(new Owner(Locking.host("10.0.0.1"), 1, new byte[0]));
        Host elsewhere = new Host(Locking.address("10.0.0.1"), Locking.address("10.0.0.10"));
        assertThat(owner).isNotEqualTo(new Owner(elsewhere, 1, oh));
    }

    @Test
    void ownersAreShownAsTextWhereTheyAre() {
        assertThat(a).hasToString("1@client");
        assertThat(new Owner(Locking.host("10.0.0.1"), -1, new byte[] {0, 1})).hasToString("4294967295/0001");
        assertThat(new Owner(Locking.host("10.0.0.1"), 5, new byte[0])).hasToString("5");
    }

    @Test
    void aCircleOfTwoIsADeadlock() {
        set(exclusive(one, a, 0, 9));
        set(exclusive(two, b, 0, 9));
        assertThat(table.enqueue(exclusive(two, a, 0, 9), 0, null)).isEqualTo(Result.DONE);
        assertThat(table.enqueue(shared(one, b, 5, 5), 0, null)).isEqualTo(Result.DEADLOCK);
        assertThat(table.enqueue(shared(one, c, 5, 5), 0, null)).isEqualTo(Result.DONE);
        table.check();
    }

    @Test
    void aCircleOfThreeIsADeadlock() {
        set(exclusive(one, a, 0, 0));
        set(exclusive(one, b, 1, 1));
        set(exclusive(one, c, 2, 2));
        assertThat(table.enqueue(exclusive(one, a, 1, 1), 0, null)).isEqualTo(Result.DONE);
        assertThat(table.enqueue(exclusive(one, b, 2, 2), 0, null)).isEqualTo(Result.DONE);
        assertThat(table.enqueue(exclusive(one, c, 0, 0), 0, null)).isEqualTo(Result.DEADLOCK);
    }

    @Test
    void twoThatUpgradeAreADeadlock() {
        set(shared(one, a, 0, 0));
        set(shared(one, b, 0, 0));
        assertThat(table.enqueue(exclusive(one, a, 0, 0), 0, null)).isEqualTo(Result.DONE);
        assertThat(table.enqueue(exclusive(one, b, 0, 0), 0, null)).isEqualTo(Result.DEADLOCK);
    }

    @Test
    void aDeadlockIsFoundAmongManyHolders() {
        LockTable large = new LockTable(new LockTable.Limits(100_000, 100_000), Clock.systemUTC());
        large.open(SERVICE);
        for (int i = 1; i <= 1000; i++) {
            large.set(shared(one, owner("10.0.1.1", i), 0, 0), 0);
        }
        large.set(exclusive(two, c, 0, 0), 0);
        assertThat(large.enqueue(exclusive(two, owner("10.0.1.1", 700), 0, 0), 0, null))
                .isEqualTo(Result.DONE);
        assertThat(large.enqueue(exclusive(one, c, 0, 0), 0, null)).isEqualTo(Result.DEADLOCK);
        assertThat(large.enqueue(exclusive(one, b, 0, 0), 0, null)).isEqualTo(Result.DONE);
    }

    @Test
    void oneThatAsksAgainKeepsItsPlace() {
        set(exclusive(one, a, 0, 0));
        table.enqueue(exclusive(one, b, 0, 0), 0, null);
        table.enqueue(exclusive(one, c, 0, 0), 0, null);
        assertThat(table.enqueue(exclusive(one, b, 0, 0), 0, null)).isEqualTo(Result.DONE);
        assertThat(table.count()).isEqualTo(3);
        table.unset(one, a, Range.ALL);
        assertThat(table.nextGrantable(one, Range.ALL, -1).request().owner()).isEqualTo(b);
    }

    @Test
    void aHostHasOnlySoManyWaitersInAFile() {
        LockTable large = new LockTable(new LockTable.Limits(100_000, 100_000), Clock.systemUTC());
        large.open(SERVICE);
        large.set(exclusive(one, a, 0, 0), 0);
        large.set(exclusive(file(2), a, 0, 0), 0);
        for (int i = 0; i < LockTable.WAITERS_PER_HOST; i++) {
            assertThat(large.enqueue(exclusive(one, owner("10.0.0.2", i), 0, 0), 0, null))
                    .isEqualTo(Result.DONE);
        }
        assertThat(large.enqueue(exclusive(one, owner("10.0.0.2", 5000), 0, 0), 0, null))
                .isEqualTo(Result.NO_LOCKS);
        assertThat(large.enqueue(exclusive(one, owner("10.0.0.2", 0), 0, 0), 0, null))
                .as("it waits already")
                .isEqualTo(Result.DONE);
        assertThat(large.enqueue(exclusive(one, owner("10.0.0.3", 1), 0, 0), 0, null))
                .isEqualTo(Result.DONE);
        assertThat(large.enqueue(exclusive(file(2), owner("10.0.0.2", 5000), 0, 0), 0, null))
                .isEqualTo(Result.DONE);
        assertThat(large.cancel(exclusive(one, owner("10.0.0.2", 7), 0, 0))).isTrue();
        assertThat(large.enqueue(exclusive(one, owner("10.0.0.2", 5000), 0, 0), 0, null))
                .isEqualTo(Result.DONE);
        large.check();
    }

    @Test
    void onlyThoseThatWantTheBytesAreGranted() {
        set(exclusive(one, a, 0, 9));
        table.enqueue(exclusive(one, b, 5, 5), 0, null);
        table.unset(one, a, Range.ALL);
        assertThat(table.nextGrantable(one, new Range(0, 4), -1)).isNull();
        assertThat(table.nextGrantable(one, new Range(0, 5), -1)).isNotNull();
    }

    @Test
    void aHostHasItsLimit() {
        for (int i = 0; i < 10; i++) {
            assertThat(set(exclusive(one, a, 2L * i, 2L * i))).isEqualTo(Result.DONE);
        }
        assertThat(set(exclusive(one, a, 100, 100))).isEqualTo(Result.NO_LOCKS);
        assertThat(set(exclusive(one, owner("10.0.0.1", 2), 100, 100))).isEqualTo(Result.NO_LOCKS);
        assertThat(set(exclusive(one, a, 4, 4))).as("what it has already").isEqualTo(Result.DONE);
        assertThat(table.enqueue(exclusive(one, a, 200, 200), 0, null)).isEqualTo(Result.NO_LOCKS);
        assertThat(table.share(two, a, 1, 0)).isEqualTo(Result.NO_LOCKS);
        assertThat(set(exclusive(one, b, 200, 200))).isEqualTo(Result.DONE);
        table.unset(one, a, new Range(0, 0));
        assertThat(set(exclusive(one, a, 100, 100))).isEqualTo(Result.DONE);
        table.check();
    }

    @Test
    void allHostsHaveTheirLimit() {
        for (int i = 0; i < 10; i++) {
            set(exclusive(one, a, 2L * i, 2L * i));
            set(exclusive(two, b, 2L * i, 2L * i));
        }
        assertThat(set(exclusive(file(3), c, 0, 0))).isEqualTo(Result.NO_LOCKS);
    }

    @Test
    void unlocksThatWouldTakeMoreLocksThanThereMayBeAreRefused() {
        for (int i = 0; i < 10; i++) {
            set(exclusive(one, a, 10L * i, 10L * i + 8));
        }
        assertThat(table.unset(one, a, new Range(3, 3))).isNull();
        assertThat(table.unset(one, a, new Range(0, 3))).containsExactly(new Range(0, 3));
        assertThat(table.unset(one, a, new Range(7, 20))).isNotNull();
        table.check();
    }

    @Test
    void aWaitersPlaceIsItsLocks() {
        for (int i = 0; i < 9; i++) {
            set(exclusive(one, a, 2L * i, 2L * i));
        }
        set(exclusive(one, b, 100, 100));
        assertThat(table.enqueue(exclusive(one, a, 100, 100), 0, null)).isEqualTo(Result.DONE);
        table.unset(one, b, Range.ALL);
        assertThat(set(exclusive(one, a, 100, 100))).isEqualTo(Result.DONE);
        assertThat(table.count(a.host())).isEqualTo(10);
        table.check();
    }

    @Test
    void nothingIsTakenThroughAnAddressThatIsNotThere() {
        set(exclusive(one, a, 0, 0));
        table.retire(SERVICE);
        assertThat(set(exclusive(one, b, 1, 1))).isEqualTo(Result.GONE);
        assertThat(table.enqueue(exclusive(one, b, 0, 0), 0, null)).isEqualTo(Result.GONE);
        assertThat(table.share(one, b, 1, 1)).isEqualTo(Result.GONE);
        assertThat(table.count()).isOne();
        assertThat(table.unset(one, a, Range.ALL)).containsExactly(new Range(0, 0));
    }

    @Test
    void sharesExcludeEachOther() {
        assertThat(table.share(one, a, 1, 2)).isEqualTo(Result.DONE);
        assertThat(table.share(one, b, 2, 0)).as("a denies writing").isEqualTo(Result.CONFLICT);
        assertThat(table.share(one, b, 1, 1)).as("a reads").isEqualTo(Result.CONFLICT);
        assertThat(table.share(one, b, 1, 0)).isEqualTo(Result.DONE);
        assertThat(table.share(one, a, 3, 0)).as("its own is no conflict").isEqualTo(Result.DONE);
        assertThat(table.share(one, b, 1, 2)).as("a writes now").isEqualTo(Result.CONFLICT);
        assertThat(table.count()).isEqualTo(2);
        assertThat(table.unshare(one, a)).isTrue();
        assertThat(table.unshare(one, a)).isFalse();
        assertThat(table.share(one, b, 1, 2)).isEqualTo(Result.DONE);
        assertThat(table.hosts()).containsExactly(b.host());
        table.check();
    }

    @Test
    void aHostsOwnersAndFilesAreKnown() {
        Owner other = owner("10.0.0.1", 2);
        set(exclusive(one, a, 0, 0));
        set(shared(two, a, 0, 0));
        table.share(two, other, 1, 0);
        set(exclusive(two, b, 5, 5));
        table.enqueue(exclusive(one, other, 0, 0), 0, null);
        assertThat(table.hosts()).containsExactlyInAnyOrder(a.host(), b.host());
        assertThat(table.owners(a.host())).containsExactlyInAnyOrder(a, other);
        assertThat(table.files(a)).containsExactlyInAnyOrder(one, two);
        assertThat(table.files(other)).containsExactly(two);
        assertThat(table.waiting(other)).hasSize(1);
        assertThat(table.count(a.host())).isEqualTo(4);
    }

    @Test
    void theStateIsThatOfTheLastLock() {
        assertThat(table.state(a)).isZero();
        table.set(exclusive(one, a, 0, 0), 3);
        table.set(exclusive(one, a, 5, 5), 0);
        assertThat(table.state(a)).isEqualTo(3);
        table.set(exclusive(one, a, 5, 5), 5);
        assertThat(table.state(a)).isEqualTo(5);
    }

    @Test
    void statusTellsWhoWaitsForWhom() {
        set(exclusive(one, a, 0, 9));
        table.enqueue(shared(one, b, 5, 20), 0, null);
        FileStatus status = table.status(one);
        assertThat(status.held()).containsExactly(new FileStatus.Held(a, new Range(0, 9), true, 7));
        assertThat(status.waiting()).hasSize(1);
        assertThat(status.waiting().get(0).blockedBy().owner()).isEqualTo(a);
        assertThat(table.status(two)).isEqualTo(FileStatus.EMPTY);
    }

    @Test
    void whatIsNotUsedIsForgotten() {
        set(exclusive(one, a, 0, 0));
        table.enqueue(exclusive(one, b, 0, 0), 0, null);
        table.cancel(exclusive(one, b, 0, 0));
        table.unset(one, a, Range.ALL);
        assertThat(table.files()).isEmpty();
        assertThat(table.hosts()).isEmpty();
        assertThat(table.count()).isZero();
    }
}
