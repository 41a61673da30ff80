package io.mooring.sunrpc.internal.xdr;

import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads XDR from a buffer that somebody else owns and releases. Used by one thread at a time. */
public final class ByteBufXdrReader implements XdrReader {
    private static final ByteBuffer[] NO_BUFFERS = {};
    private static final byte[] NO_BYTES = {};

    private final ByteBuf message;

    public ByteBufXdrReader(ByteBuf message) {
        this.message = message;
    }

    public static XdrReader of(byte[] message) {
        return new ByteBufXdrReader(Unpooled.wrappedBuffer(message));
    }

    @Override
    public int readInt() throws XdrException {
        need(4);
        return message.readInt();
    }

    @Override
    public long readLong() throws XdrException {
        need(8);
        return message.readLong();
    }

    @Override
    public boolean readBool() throws XdrException {
        int value = readInt();
        if ((value & ~1) != 0) {
            throw new XdrException("boolean is " + Integer.toUnsignedString(value));
        }
        return value == 1;
    }

    @Override
    public byte[] readFixedOpaque(int length) throws XdrException {
        if (length < 0) {
            throw new IllegalArgumentException("length " + length);
        }
        need(length);
        if (length == 0) {
            return NO_BYTES;
        }
        byte[] bytes = new byte[length];
        message.readBytes(bytes);
        skipPadding(length);
        return bytes;
    }

    @Override
    public byte[] readOpaque(int max) throws XdrException {
        return readFixedOpaque(readOpaqueLength(max));
    }

    @Override
    public ByteBuffer[] readOpaqueBuffers(int max) throws XdrException {
        int length = readOpaqueLength(max);
        if (length == 0) {
            return NO_BUFFERS;
        }
        ByteBuffer[] views = message.nioBufferCount() == 1
                ? new ByteBuffer[] {message.nioBuffer(message.readerIndex(), length)}
                : message.nioBuffers(message.readerIndex(), length);
        message.skipBytes(length);
        skipPadding(length);
        return views;
    }

    @Override
    public String readString(int max) throws XdrException {
        int length = readOpaqueLength(max);
        String string = message.toString(message.readerIndex(), length, StandardCharsets.UTF_8);
        message.skipBytes(length);
        skipPadding(length);
        return string;
    }

    @Override
    public int readLength(int max) throws XdrException {
        int length = readInt();
        if (length < 0 || length > max) {
            throw tooLong(length, max);
        }
        if (length > message.readableBytes() / 4) {
            throw tooShort(4L * length);
        }
        return length;
    }

    @Override
    public int remaining() {
        return message.readableBytes();
    }

    private int readOpaqueLength(int max) throws XdrException {
        int length = readInt();
        if (length < 0 || length > max) {
            throw tooLong(length, max);
        }
        need(length);
        return length;
    }

    /** Whatever the padding holds; some clients leave it off the end of a message. */
    private void skipPadding(int length) {
        message.skipBytes(Math.min(-length & 3, message.readableBytes()));
    }

    private void need(int bytes) throws XdrException {
        if (message.readableBytes() < bytes) {
            throw tooShort(bytes);
        }
    }

    private XdrException tooShort(long wanted) {
        return new XdrException(wanted + " bytes wanted, " + message.readableBytes() + " left");
    }

    private static XdrException tooLong(int length, int max) {
        return new XdrException("length " + Integer.toUnsignedString(length) + ", at most " + max + " allowed");
    }
}
