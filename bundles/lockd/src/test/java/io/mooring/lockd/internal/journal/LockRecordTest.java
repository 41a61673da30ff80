package io.mooring.lockd.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.lockd.internal.journal.LockRecord.Changed;
import io.mooring.lockd.internal.journal.LockRecord.Forgotten;
import io.mooring.lockd.internal.table.Change.Held;
import io.mooring.lockd.internal.table.Change.Part;
import io.mooring.lockd.internal.table.Locking;
import io.mooring.lockd.internal.table.Range;
import io.mooring.sunrpc.XdrException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class LockRecordTest {

    @Provide
    Arbitrary<LockRecord> records() {
        return Records.any();
    }

    @Property(tries = 3000)
    void whatIsWrittenIsReadAgain(@ForAll("records") LockRecord entry) throws XdrException {
        byte[] bytes = entry.toBytes();
        assertThat(bytes[0]).isEqualTo((byte) 1);
        assertThat(LockRecord.read(bytes)).usingRecursiveComparison().isEqualTo(entry);
    }

    @Property(tries = 300)
    void truncatedOnesAreRefused(@ForAll("records") LockRecord entry) {
        byte[] bytes = entry.toBytes();
        for (int length = 0; length < bytes.length; length += 4) {
            byte[] part = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> LockRecord.read(part)).isInstanceOf(XdrException.class);
        }
    }

    @Test
    void anotherVersionAnotherKindAndMoreThanARecordAreRefused() {
        byte[] bytes = new Forgotten().toBytes();
        assertThatThrownBy(() -> LockRecord.read(with(bytes, 0, 2))).isInstanceOf(XdrException.class);
        assertThatThrownBy(() -> LockRecord.read(with(bytes, 3, 99))).isInstanceOf(XdrException.class);
        assertThatThrownBy(() -> LockRecord.read(Arrays.copyOf(bytes, 8))).isInstanceOf(XdrException.class);
    }

    private static byte[] with(byte[] bytes, int index, int value) {
        byte[] changed = bytes.clone();
        changed[index] = (byte) value;
        return changed;
    }

    @Test
    void partsOutOfOrderOrOutOfTheirRangeAreRefused() {
        Part one = new Part(new Range(5, 6), true, 0);
        Part two = new Part(new Range(6, 7), true, 0);
        Part toTheEnd = new Part(new Range(1, Range.EOF), true, 0);
        for (List<Part> parts : List.of(List.of(one, two), List.of(two, one), List.of(toTheEnd, one))) {
            byte[] bytes = held(Range.ALL, parts);
            assertThatThrownBy(() -> LockRecord.read(bytes)).isInstanceOf(XdrException.class);
        }
        byte[] bytes = held(new Range(0, 5), List.of(one));
        assertThatThrownBy(() -> LockRecord.read(bytes)).isInstanceOf(XdrException.class);
    }

    private static byte[] held(Range range, List<Part> parts) {
        return new Changed(new Held(Locking.file(1), Locking.owner("10.0.0.1", 1), 0, range, parts)).toBytes();
    }
}
