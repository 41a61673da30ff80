package io.mooring.sunrpc.internal.xdr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class XdrRoundTripTest {

    @Property
    void everyItemIsReadAsItWasWritten(
            @ForAll int i, @ForAll long l, @ForAll boolean b, @ForAll @Size(max = 300) byte[] o, @ForAll String s)
            throws XdrException {
        XdrWriter w = XdrWriter.create();
        w.writeInt(i).writeLong(l).writeBool(b).writeOpaque(o).writeString(s).writeFixedOpaque(o);
        byte[] message = w.toByteArray();
        assertThat(message).hasSize(w.size());
        assertThat(message.length % 4).isZero();

        XdrReader r = XdrReader.of(message);
        assertThat(r.readInt()).isEqualTo(i);
        assertThat(r.readLong()).isEqualTo(l);
        assertThat(r.readBool()).isEqualTo(b);
        assertThat(r.readOpaque(300)).isEqualTo(o);
        String replaced = new String(s.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        assertThat(r.readString(Integer.MAX_VALUE)).isEqualTo(replaced);
        assertThat(r.readFixedOpaque(o.length)).isEqualTo(o);
        assertThat(r.remaining()).isZero();
    }

    @Property
    void buffersOfDataInPiecesAreViewsInOrder(
            @ForAll @Size(max = 300) byte[] data, @ForAll @IntRange(min = 1, max = 50) int piece) throws XdrException {
        byte[] message = XdrWriter.create().writeOpaque(data).writeInt(7).toByteArray();
        ByteBuf composite = Unpooled.compositeBuffer(1000);
        for (int at = 0; at < message.length; at += piece) {
            byte[] part = Arrays.copyOfRange(message, at, Math.min(message.length, at + piece));
            composite = ((io.netty.buffer.CompositeByteBuf) composite).addComponent(true, Unpooled.wrappedBuffer(part));
        }
        ByteBufXdrReader r = new ByteBufXdrReader(composite);
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        for (ByteBuffer view : r.readOpaqueBuffers(300)) {
            while (view.hasRemaining()) {
                read.write(view.get());
            }
        }
        assertThat(read.toByteArray()).isEqualTo(data);
        assertThat(r.readInt()).isEqualTo(7);
    }

    @Property
    void fileDataIsHungInWithItsPadding(
            @ForAll @IntRange(max = 700) int size, @ForAll @IntRange(max = 700) int length, @ForAll boolean more)
            throws XdrException {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
        PooledRpcBuffer buffer = new PooledRpcBuffer(allocator, size);
        int used = Math.min(length, size);
        for (int i = 0; i < size; i++) {
            buffer.nio().put(i, (byte) (i + 1));
        }
        ByteBufXdrWriter w = new ByteBufXdrWriter(allocator, 4);
        w.writeInt(42).writeOpaque(buffer, used);
        if (more) {
            w.writeInt(43);
        }
        byte[] message = w.toByteArray();
        assertThat(message).hasSize(w.size());
        XdrReader r = XdrReader.of(Arrays.copyOfRange(message, 4, message.length));
        assertThat(r.readInt()).isEqualTo(42);
        byte[] data = r.readOpaque(700);
        assertThat(data).hasSize(used);
        for (int i = 0; i < used; i++) {
            assertThat(data[i]).isEqualTo((byte) (i + 1));
        }
        if (more) {
            assertThat(r.readInt()).isEqualTo(43);
        }
        assertThat(r.remaining()).isZero();

        Message taken = w.take();
        ByteBuf joined = taken.joined();
        assertThat(joined.readableBytes()).isEqualTo(taken.size()).isEqualTo(message.length);
        joined.release();
        buffer.release();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Property
    void noMessageMakesAReaderThrowAnythingElseOrAllocateMore(@ForAll @Size(max = 40) byte[] message) {
        for (int method = 0; method < 8; method++) {
            XdrReader r = XdrReader.of(message);
            try {
                while (true) {
                    int before = r.remaining();
                    readOne(r, method);
                    if (r.remaining() == before) {
                        break;
                    }
                }
            } catch (XdrException e) {
                assertThat(e).hasMessageMatching(".+");
            }
        }
    }

    private static void readOne(XdrReader r, int method) throws XdrException {
        int before = r.remaining();
        switch (method) {
            case 0 -> r.readInt();
            case 1 -> r.readLong();
            case 2 -> r.readBool();
            case 3 -> assertThat(r.readOpaque(Integer.MAX_VALUE).length).isLessThanOrEqualTo(before);
            case 4 -> r.readOpaqueBuffers(Integer.MAX_VALUE);
            case 5 -> assertThat(r.readString(Integer.MAX_VALUE).length()).isLessThanOrEqualTo(before);
            case 6 -> assertThat(r.readLength(Integer.MAX_VALUE)).isLessThanOrEqualTo(before / 4);
            default -> r.readFixedOpaque(3);
        }
    }

    @Test
    void booleansAreZeroOrOne() {
        for (int value : new int[] {2, -1, 256}) {
            XdrReader r = XdrReader.of(XdrWriter.create().writeInt(value).toByteArray());
            assertThatExceptionOfType(XdrException.class).isThrownBy(r::readBool);
        }
    }

    @Test
    void lengthsAboveTheMaximumAreRefused() {
        byte[] message = XdrWriter.create().writeOpaque(new byte[9]).toByteArray();
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> XdrReader.of(message).readOpaque(8));
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> XdrReader.of(message).readOpaqueBuffers(8));
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> XdrReader.of(message).readString(8));
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> XdrReader.of(message).readLength(8));
    }

    @Test
    void paddingMayHoldAnythingAndMayBeMissingAtTheEnd() throws XdrException {
        byte[] strange = {0, 0, 0, 1, 'a', 9, 9, 9, 0, 0, 0, 5};
        XdrReader r = XdrReader.of(strange);
        assertThat(r.readString(1)).isEqualTo("a");
        assertThat(r.readInt()).isEqualTo(5);
        assertThat(XdrReader.of(new byte[] {0, 0, 0, 1, 'a'}).readString(1)).isEqualTo("a");
    }

    @Test
    void aBufferIsWrittenOnceOnly() {
        PooledRpcBuffer buffer = new PooledRpcBuffer(new UnpooledByteBufAllocator(false, true), 1000);
        XdrWriter w = XdrWriter.create().writeOpaque(buffer, 1000);
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> w.writeOpaque(buffer, 1000));
        ((ByteBufXdrWriter) w).release();
    }

    @Test
    void aBufferThatIsNotOursIsCopied() throws XdrException {
        ByteBuffer own = ByteBuffer.allocateDirect(8).put(0, (byte) 5);
        byte[] message = XdrWriter.create().writeOpaque(() -> own, 5).toByteArray();
        assertThat(XdrReader.of(message).readOpaque(5)).isEqualTo(new byte[] {5, 0, 0, 0, 0});
    }
}
