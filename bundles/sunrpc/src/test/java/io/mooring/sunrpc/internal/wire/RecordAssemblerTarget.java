package io.mooring.sunrpc.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.sunrpc.internal.FuzzTarget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;

/** Any stream in any pieces: records within their bound, or refused; memory within a bound, and all of it given back. */
public final class RecordAssemblerTarget implements FuzzTarget {
    private static final int MAX_RECORD = 4096;
    private static final int MAX_READ = 512;
    /** Its read buffers half full at the least, and copies that were sized by what came. */
    private static final long ALLOWED_BYTES = 4 * MAX_RECORD + (64 << 10);

    /** The first byte seeds the sizes of what the socket gives at once, and of the buffers that it comes in. */
    @Override
    public void run(byte[] input) {
        if (input.length == 0) {
            return;
        }
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
        RecordAssembler records = new RecordAssembler(allocator, MAX_RECORD);
        long given = 0;
        long taken = 0;
        int sizes = input[0];
        int at = 1;
        try {
            while (at < input.length) {
                sizes = sizes * 1_103_515_245 + 12_345;
                int length = Math.min(1 + (sizes >>> 16) % (input[0] % 2 == 0 ? 4 : MAX_READ), input.length - at);
                int capacity = (sizes & 0x100) == 0 ? length : Math.max(length, MAX_READ);
                records.add(allocator.buffer(capacity, capacity).writeBytes(input, at, length));
                at += length;
                given += length;
                taken += takeAll(records);
                assertThat(taken + records.partialBytes()).isLessThanOrEqualTo(given);
                assertThat(allocator.metric().usedHeapMemory()).isLessThanOrEqualTo(ALLOWED_BYTES);
            }
        } catch (RecordTooLongException refused) {
            assertThat(refused).hasMessageNotContaining("null");
        } finally {
            records.release();
        }
        assertThat(allocator.metric().usedHeapMemory()).as("bytes leaked").isZero();
    }

    private static long takeAll(RecordAssembler records) throws RecordTooLongException {
        long taken = 0;
        ByteBuf record = records.next();
        while (record != null) {
            assertThat(record.readableBytes()).isLessThanOrEqualTo(MAX_RECORD);
            taken += record.readableBytes();
            record.release();
            record = records.next();
        }
        assertThat(records.hasInput()).isFalse();
        assertThat(records.wanted()).isBetween(0, MAX_RECORD);
        return taken;
    }
}
