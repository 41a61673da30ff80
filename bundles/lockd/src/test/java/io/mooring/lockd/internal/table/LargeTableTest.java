package io.mooring.lockd.internal.table;

import static io.mooring.lockd.internal.table.Locking.SERVICE;
import static io.mooring.lockd.internal.table.Locking.exclusive;
import static io.mooring.lockd.internal.table.Locking.file;
import static io.mooring.lockd.internal.table.Locking.owner;
import static io.mooring.lockd.internal.table.Locking.shared;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.lockd.internal.table.LockTable.Result;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** As many locks as a busy server has; a scan for each would take hours, so the time limit is no close one. */
@Timeout(120)
class LargeTableTest {
    private static final int IN_ONE_FILE = 100_000;
    private static final int IN_ALL = 1_000_000;

    private final LockTable table = new LockTable(new LockTable.Limits(2 * IN_ALL, 2 * IN_ALL), Clock.systemUTC());
    private final Owner outsider = owner("10.0.0.200", 1);

    @BeforeEach
    void open() {
        table.open(SERVICE);
    }

    private static Owner ofMany(int i) {
        return owner("10.0.0." + (1 + i % 50), i % 1000);
    }

    @Test
    void manyLocksOnOneFile() {
        FileKey file = file(1);
        for (int i = 0; i < IN_ONE_FILE; i++) {
            assertThat(table.set(exclusive(file, ofMany(i), 2L * i, 2L * i), 0)).isEqualTo(Result.DONE);
        }
        for (int i = 0; i < IN_ONE_FILE; i++) {
            assertThat(table.conflict(shared(file, outsider, 2L * i + 1, 2L * i + 1)))
                    .isNull();
            assertThat(table.conflict(shared(file, outsider, 2L * i, 2L * i))).isNotNull();
            assertThat(table.conflict(exclusive(file, ofMany(i), 2L * i, 2L * i)))
                    .isNull();
            assertThat(table.conflict(exclusive(file, outsider, 0, Range.EOF))).isNotNull();
        }
        for (int i = 0; i < IN_ONE_FILE; i++) {
            assertThat(table.unset(file, ofMany(i), new Range(2L * i, 2L * i))).hasSize(1);
        }
        assertThat(table.count()).isZero();
    }

    @Test
    void ownLocksOfMuchReachAreNotInTheWay() {
        FileKey file = file(1);
        Owner self = owner("10.0.0.1", 1);
        for (int i = 0; i < IN_ONE_FILE; i++) {
            table.set(exclusive(file, self, 2L * i, 2L * i), 0);
        }
        table.set(exclusive(file, outsider, 2L * IN_ONE_FILE, 2L * IN_ONE_FILE), 0);
        for (int i = 0; i < IN_ONE_FILE; i++) {
            assertThat(table.conflict(exclusive(file, self, 0, 2L * i))).isNull();
            assertThat(table.conflict(exclusive(file, self, 0, Range.EOF))).isNotNull();
            assertThat(table.held(file, self, new Range(2L * i, 2L * i + 1))).hasSize(1);
        }
    }

    @Test
    void manySharedLocksOnTheSameBytes() {
        FileKey file = file(1);
        for (int i = 0; i < IN_ONE_FILE; i++) {
            table.set(shared(file, owner("10.0.0.1", i), 0, Range.EOF), 0);
        }
        for (int i = 0; i < IN_ONE_FILE - 1; i++) {
            assertThat(table.unset(file, owner("10.0.0.1", i), Range.ALL)).isEmpty();
        }
        assertThat(table.unset(file, owner("10.0.0.1", IN_ONE_FILE - 1), Range.ALL))
                .containsExactly(Range.ALL);
    }

    @Test
    void aMillionLocks() {
        for (int i = 0; i < IN_ALL; i++) {
            table.set(exclusive(file(i % 10_000), ofMany(i), i, i), 0);
        }
        assertThat(table.count()).isGreaterThanOrEqualTo(IN_ALL);
        for (int i = 0; i < IN_ALL; i++) {
            assertThat(table.conflict(exclusive(file(i % 10_000), outsider, i, i)) != null)
                    .isTrue();
        }
        for (Host host : table.hosts()) {
            for (Owner owner : table.owners(host)) {
                table.files(owner).forEach(file -> table.unset(file, owner, Range.ALL));
            }
        }
        assertThat(table.count()).isZero();
    }
}
