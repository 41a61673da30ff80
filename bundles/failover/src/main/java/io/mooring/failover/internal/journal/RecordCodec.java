package io.mooring.failover.internal.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A record in a file: magic, length of the payload, kind, a zero, number of the stream (2 bytes), CRC32C of the payload, CRC32C of these 16 bytes;
 * the payload, with zeros up to a multiple of 4. Both checksums begin with the file's generation and the record's position, so
 * that a record that was left over, or copied elsewhere, is not taken for one that is meant. Not thread-safe.
 */
final class RecordCodec {
    /** The most bytes of a payload. */
    static final int MAX_PAYLOAD = 1 << 20;

    static final int HEADER = 20;
    static final int ALIGNMENT = 4;

    /** The most bytes of a record. */
    static final int MAX_RECORD = HEADER + MAX_PAYLOAD;

    private static final int MAGIC = 0x4d524543;
    private static final int LENGTH = 4;
    private static final int KIND = 8;
    private static final int STREAM = 10;
    private static final int PAYLOAD_CHECK = 12;
    private static final int HEADER_CHECK = 16;

    private final long generation;
    private final CRC32C check = new CRC32C();
    private final ByteBuffer seed = ByteBuffer.allocate(2 * Long.BYTES);

    RecordCodec(long generation) {
        this.generation = generation;
    }

    /** How many bytes a record takes in a file. */
    static int size(int payload) {
        return HEADER + (payload + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /**
     * Puts a record where a buffer stands.
     *
     * @param position where in the file it will be
     */
    void put(ByteBuffer target, long position, Kind kind, int stream, byte[] payload) {
        int at = target.position();
        int end = at + size(payload.length);
        target.position(at + HEADER).put(payload);
        while (target.position() < end) {
            target.put((byte) 0);
        }
        target.putInt(at, MAGIC);
        target.putInt(at + LENGTH, payload.length);
        target.put(at + KIND, (byte) kind.code());
        target.put(at + KIND + 1, (byte) 0);
        target.putShort(at + STREAM, (short) stream);
        target.putInt(at + PAYLOAD_CHECK, check(target, at + HEADER, end, position));
        target.putInt(at + HEADER_CHECK, check(target, at, at + HEADER_CHECK, position));
    }

    /** Whether what every record begins with is there. */
    static boolean isMagic(ByteBuffer source, int at) {
        return source.getInt(at) == MAGIC;
    }

    /** Whether the {@value #HEADER} bytes there are a header that was written for this position. */
    boolean isHeader(ByteBuffer source, int at, long position) {
        if (!isMagic(source, at) || Integer.compareUnsigned(payload(source, at), MAX_PAYLOAD) > 0) {
            return false;
        }
        return source.getInt(at + HEADER_CHECK) == check(source, at, at + HEADER_CHECK, position);
    }

    /** Whether the payload behind a header is the one that was written. */
    boolean isPayload(ByteBuffer source, int at, long position) {
        int end = at + size(payload(source, at));
        return source.getInt(at + PAYLOAD_CHECK) == check(source, at + HEADER, end, position);
    }

    static int payload(ByteBuffer source, int at) {
        return source.getInt(at + LENGTH);
    }

    static int kind(ByteBuffer source, int at) {
        return source.get(at + KIND);
    }

    static int stream(ByteBuffer source, int at) {
        return source.getShort(at + STREAM) & 0xffff;
    }

    private int check(ByteBuffer bytes, int from, int to, long position) {
        seed.clear().putLong(generation).putLong(position).flip();
        check.reset();
        check.update(seed);
        check.update(bytes.duplicate().limit(to).position(from));
        return (int) check.getValue();
    }
}
