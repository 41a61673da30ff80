package io.mooring.sunrpc.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mooring.sunrpc.internal.xdr.ByteBufXdrWriter;
import io.mooring.sunrpc.internal.xdr.Message;
import io.mooring.sunrpc.internal.xdr.PooledRpcBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordAssemblerTest {
    private static final int MAX = 100_000;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);

    /** Feeds an assembler as a connection does. */
    private static final class Feeding extends ChannelInboundHandlerAdapter {
        private final RecordAssembler records;

        Feeding(RecordAssembler records) {
            this.records = records;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            records.add((ByteBuf) message);
            ByteBuf record = records.next();
            while (record != null) {
                context.fireChannelRead(record);
                record = records.next();
            }
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            records.release();
        }
    }

    @AfterEach
    void everyBufferWasReleased() {
        assertThat(allocator.metric().usedHeapMemory()).isZero();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Property(tries = 300)
    void recordsComeOutAsTheyWentInHoweverTheyAreCut(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 9000) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 4000) int fragment,
            @ForAll @IntRange(min = 1, max = 3000) int read,
            @ForAll boolean tightBuffers,
            @ForAll Random random) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        List<byte[]> sent = new ArrayList<>();
        for (int size : sizes) {
            byte[] record = new byte[size];
            random.nextBytes(record);
            sent.add(record);
            mark(stream, record, fragment);
        }
        EmbeddedChannel channel = new EmbeddedChannel(new Feeding(new RecordAssembler(allocator, MAX)));
        byte[] bytes = stream.toByteArray();
        for (int at = 0; at < bytes.length; at += read) {
            int length = Math.min(read, bytes.length - at);
            ByteBuf buffer = allocator.buffer(tightBuffers ? length : 2 * read + 1);
            channel.writeInbound(buffer.writeBytes(bytes, at, length));
        }
        for (byte[] record : sent) {
            ByteBuf received = channel.readInbound();
            assertThat(ByteBufUtil.getBytes(received)).isEqualTo(record);
            received.release();
        }
        assertThat(channel.inboundMessages()).isEmpty();
        channel.finishAndReleaseAll();
        everyBufferWasReleased();
    }

    private static void mark(ByteArrayOutputStream stream, byte[] record, int fragment) {
        int at = 0;
        do {
            int length = Math.min(fragment, record.length - at);
            boolean last = at + length == record.length;
            header(stream, length, last);
            stream.write(record, at, length);
            at += length;
        } while (at < record.length);
    }

    private static void header(ByteArrayOutputStream stream, int length, boolean last) {
        stream.write((last ? 0x80 : 0) | length >>> 24);
        stream.write(length >>> 16);
        stream.write(length >>> 8);
        stream.write(length);
    }

    private ByteBuf wrap(ByteArrayOutputStream stream) {
        return allocator.buffer(stream.size()).writeBytes(stream.toByteArray());
    }

    @Test
    void aLongRecordIsRefusedOnItsHeaderAlone() {
        RecordAssembler records = new RecordAssembler(allocator, MAX);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        header(stream, MAX + 1, true);
        records.add(wrap(stream));
        assertThatExceptionOfType(RecordTooLongException.class)
                .isThrownBy(records::next)
                .withMessageContaining("maxRecordBytes is 100000");
        records.release();
    }

    @Test
    void fragmentsTogetherAreRefusedToo() throws Exception {
        RecordAssembler records = new RecordAssembler(allocator, MAX);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        header(stream, 10, false);
        stream.write(new byte[10], 0, 10);
        header(stream, MAX - 9, true);
        records.add(wrap(stream));
        assertThatExceptionOfType(RecordTooLongException.class).isThrownBy(records::next);
        records.release();
    }

    @Test
    void emptyFragmentsAreCounted() {
        RecordAssembler records = new RecordAssembler(allocator, MAX);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (int i = 0; i < 9; i++) {
            header(stream, 0, false);
        }
        records.add(wrap(stream));
        assertThatExceptionOfType(RecordTooLongException.class)
                .isThrownBy(records::next)
                .withMessageContaining("empty fragments");
        records.release();
    }

    @Test
    void aRecordInOneReadIsNotCopied() throws Exception {
        RecordAssembler records = new RecordAssembler(allocator, MAX);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        mark(stream, new byte[5000], 5000);
        mark(stream, new byte[5000], 5000);
        ByteBuf read = wrap(stream);
        records.add(read);
        ByteBuf first = records.next();
        ByteBuf second = records.next();
        assertThat(first.array()).isSameAs(read.array());
        assertThat(second.array()).isSameAs(read.array());
        first.release();
        second.release();
        assertThat(read.refCnt()).isZero();
    }

    @Test
    void aBigRecordIsAssembledFromTheReadBuffersWithoutACopy() throws Exception {
        RecordAssembler records = new RecordAssembler(allocator, MAX);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        mark(stream, new byte[60_000], 60_000);
        byte[] bytes = stream.toByteArray();
        for (int at = 0; at < bytes.length; at += 20_002) {
            byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 20_002));
            records.add(allocator.buffer(20_002).writeBytes(part));
        }
        ByteBuf record = records.next();
        assertThat(record.nioBufferCount()).isEqualTo(3);
        record.release();
    }

    @Test
    void aByteAtATimeCostsNoBufferPerByte() throws Exception {
        RecordAssembler records = new RecordAssembler(allocator, MAX);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        mark(stream, new byte[20_000], 1);
        ByteBuf record = null;
        for (byte b : stream.toByteArray()) {
            records.add(allocator.buffer(2048).writeByte(b));
            record = records.next();
            assertThat(allocator.metric().usedHeapMemory()).isLessThan(4L * 20_000);
        }
        assertThat(record).isNotNull();
        assertThat(record.readableBytes()).isEqualTo(20_000);
        record.release();
    }

    @Test
    void whatIsNotAskedForStaysUndecoded() throws Exception {
        RecordAssembler records = new RecordAssembler(allocator, MAX);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        mark(stream, new byte[] {1}, 10);
        header(stream, MAX + 1, true);
        records.add(wrap(stream));
        records.next().release();
        assertThat(records.hasInput()).isTrue();
        records.release();
    }

    @Test
    void theReadBufferGrowsWithWhatCameNotWithWhatWasAnnounced() throws Exception {
        RecordAssembler records = new RecordAssembler(allocator, 1 << 30);
        var sizing = Records.receiveAllocator(records).newHandle();
        sizing.reset(new EmbeddedChannel().config());
        assertThat(sizing.guess()).isEqualTo(2048);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        header(stream, 1 << 29, true);
        records.add(wrap(stream));
        assertThat(records.next()).isNull();
        assertThat(sizing.guess()).isEqualTo(64 << 10);
        records.add(allocator.buffer(200_000).writeZero(200_000));
        assertThat(records.next()).isNull();
        assertThat(sizing.guess()).isEqualTo(200_000);
        records.release();
    }

    @Test
    void aMarkIsWrittenIntoTheReservedBytes() {
        ByteBufXdrWriter w = new ByteBufXdrWriter(allocator, Records.MARK_BYTES);
        w.writeInt(1).writeOpaque(new PooledRpcBuffer(allocator, 999), 999);
        Message message = w.take();
        Records.mark(message);
        assertThat(message.segments()).hasSize(2);
        assertThat(message.segments()[0].getInt(0)).isEqualTo(0x80000000 | 4 + 4 + 1000);
        message.release();
    }
}
