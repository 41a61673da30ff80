package io.mooring.sunrpc.internal.xdr;

import io.mooring.sunrpc.RpcBuffer;
import io.mooring.sunrpc.XdrWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Writes XDR to a buffer that grows, with file data hung in between: the message is a list of segments, sent by one
 * gathering write. Owns its segments until {@link #take} or {@link #release}. Used by one thread at a time.
 */
public final class ByteBufXdrWriter implements XdrWriter {
    /** Below this a copy is cheaper than one more segment to gather. */
    private static final int COPY_BELOW = 256;

    private static final int INITIAL = 256;

    private final ByteBufAllocator allocator;
    private final List<ByteBuf> full = new ArrayList<>(2);
    private int fullBytes;
    /** The segment being written; null after data was hung in, until something follows. */
    private ByteBuf tail;

    /**
     * @param reserved bytes left free in front, for a record mark; they count in {@link #size}
     */
    public ByteBufXdrWriter(ByteBufAllocator allocator, int reserved) {
        this.allocator = allocator;
        tail = allocator.buffer(INITIAL).writeZero(reserved);
    }

    public static ByteBufXdrWriter create() {
        return new ByteBufXdrWriter(new UnpooledByteBufAllocator(false, true), 0);
    }

    @Override
    public XdrWriter writeInt(int value) {
        tail().writeInt(value);
        return this;
    }

    @Override
    public XdrWriter writeLong(long value) {
        tail().writeLong(value);
        return this;
    }

    @Override
    public XdrWriter writeBool(boolean value) {
        tail().writeInt(value ? 1 : 0);
        return this;
    }

    @Override
    public XdrWriter writeFixedOpaque(byte[] value) {
        tail().writeBytes(value).writeZero(-value.length & 3);
        return this;
    }

    @Override
    public XdrWriter writeOpaque(byte[] value) {
        writeInt(value.length);
        return writeFixedOpaque(value);
    }

    @Override
    public XdrWriter writeOpaque(RpcBuffer data, int length) {
        Objects.checkFromToIndex(0, length, data.nio().capacity());
        writeInt(length);
        if (!(data instanceof PooledRpcBuffer buffer)) {
            // Somebody's own, as in a test without a transport.
            tail.writeBytes(data.nio().duplicate().position(0).limit(length)).writeZero(-length & 3);
            return this;
        }
        ByteBuf bytes = buffer.take();
        if (length < COPY_BELOW) {
            tail.writeBytes(bytes, 0, length).writeZero(-length & 3);
            bytes.release();
            return this;
        }
        // Its memory has room for the padding.
        bytes.setIndex(0, length).writeZero(-length & 3);
        full.add(tail);
        full.add(bytes);
        fullBytes += tail.readableBytes() + bytes.readableBytes();
        tail = null;
        return this;
    }

    @Override
    public XdrWriter writeString(String value) {
        int length = ByteBufUtil.utf8Bytes(value);
        writeInt(length);
        ByteBufUtil.writeUtf8(tail, value);
        tail.writeZero(-length & 3);
        return this;
    }

    @Override
    public int size() {
        return fullBytes + (tail == null ? 0 : tail.readableBytes());
    }

    @Override
    public byte[] toByteArray() {
        byte[] bytes = new byte[size()];
        int at = 0;
        for (ByteBuf segment : full) {
            segment.getBytes(segment.readerIndex(), bytes, at, segment.readableBytes());
            at += segment.readableBytes();
        }
        if (tail != null) {
            tail.getBytes(tail.readerIndex(), bytes, at, tail.readableBytes());
        }
        return bytes;
    }

    /** The message; the caller owns it now, and the writer is empty. */
    public Message take() {
        int size = size();
        if (tail != null) {
            full.add(tail);
            tail = null;
        }
        ByteBuf[] segments = full.toArray(ByteBuf[]::new);
        full.clear();
        fullBytes = 0;
        return new Message(segments, size);
    }

    public void release() {
        take().release();
    }

    private ByteBuf tail() {
        if (tail == null) {
            tail = allocator.buffer(INITIAL);
        }
        return tail;
    }
}
