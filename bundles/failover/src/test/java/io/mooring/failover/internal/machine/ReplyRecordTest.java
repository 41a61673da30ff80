package io.mooring.failover.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.posix.testing.Ip;
import io.mooring.sunrpc.KeptReply;
import java.io.IOException;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ReplyRecordTest {

    private static ReplyRecord record(int[] numbers, boolean note, byte[] reply) {
        KeptReply kept = new KeptReply(
                Ip.of("2001:db8::7"),
                numbers[0],
                numbers[1],
                numbers[2],
                numbers[3],
                numbers[4],
                numbers[5],
                note,
                reply);
        return new ReplyRecord("nfsd", Ip.of("192.0.2.50"), kept);
    }

    @Property
    void whatIsWrittenIsRead(
            @ForAll @Size(6) int[] numbers, @ForAll boolean note, @ForAll @Size(max = 300) byte[] reply)
            throws IOException {
        ReplyRecord record = record(numbers, note, reply);
        assertThat(ReplyRecord.decode(record.encode()))
                .usingRecursiveComparison()
                .isEqualTo(record);
    }

    @Test
    void aCutRecordIsNone() {
        byte[] whole = record(new int[6], true, new byte[] {1, 2, 3}).encode();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ReplyRecord.decode(cut)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> ReplyRecord.decode(Arrays.copyOf(whole, whole.length + 1)))
                .isInstanceOf(IOException.class);
    }

    @Property
    void anyBytesAreReadOrRefused(@ForAll byte[] bytes) {
        try {
            assertThat(ReplyRecord.decode(bytes)).isNotNull();
        } catch (IOException e) {
            assertThat(e).isNotNull();
        }
    }

    @Property
    void damagedBytesAreReadOrRefused(@ForAll int at, @ForAll byte value) {
        byte[] bytes = record(new int[6], true, new byte[] {1, 2, 3}).encode();
        bytes[Math.floorMod(at, bytes.length)] = value;
        anyBytesAreReadOrRefused(bytes);
    }
}
