package io.mooring.sunrpc.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Record marking (RFC 5531 §11): takes what the socket gave, gives whole records. It is asked for records one by one, so
 * that a connection at its limits keeps the rest undecoded.
 *
 * <p>A record inside one read buffer is a slice of it, and one of several buffers a composite of them. Pieces that fill
 * less than half of their buffer are copied together instead: a client that sends a byte at a time would otherwise hold
 * one buffer per byte. So a record costs at most a few times its own bytes, whatever its pieces are.
 *
 * <p>Owned by the connection's event loop.
 */
public final class RecordAssembler {
    private static final int LAST = 1 << 31;

    /** Empty fragments in one record; none is needed, old libraries send one at the end. */
    private static final int MAX_EMPTY_FRAGMENTS = 8;

    private static final int MIN_CHUNK = 2 << 10;
    private static final int MAX_CHUNK = 64 << 10;

    private final ByteBufAllocator allocator;
    private final int maxRecordBytes;

    private final ArrayDeque<ByteBuf> input = new ArrayDeque<>();
    /** The bytes of a fragment header that came so far. */
    private int header;

    private int headerBytes;
    private boolean inFragment;
    private boolean lastFragment;
    private int fragmentLeft;
    private int emptyFragments;
    /** Bytes that the fragment headers of this record announced. */
    private int announced;

    private final List<ByteBuf> pieces = new ArrayList<>();
    private int pieceBytes;

    public RecordAssembler(ByteBufAllocator allocator, int maxRecordBytes) {
        this.allocator = allocator;
        this.maxRecordBytes = maxRecordBytes;
    }

    /** Takes over what was read. */
    public void add(ByteBuf read) {
        if (read.isReadable()) {
            input.addLast(read);
        } else {
            read.release();
        }
    }

    /** The next whole record, which the caller releases; null where more must be read first. */
    public ByteBuf next() throws RecordTooLongException {
        while (true) {
            if (!inFragment && !readHeader()) {
                return null;
            }
            if (fragmentLeft > 0) {
                ByteBuf in = input.peekFirst();
                if (in == null) {
                    return null;
                }
                int length = Math.min(fragmentLeft, in.readableBytes());
                if (pieceBytes == 0 && lastFragment && length == fragmentLeft) {
                    ByteBuf record = slice(in, length);
                    reset();
                    return record;
                }
                take(in, length);
            }
            if (fragmentLeft == 0) {
                inFragment = false;
                if (lastFragment) {
                    return assemble();
                }
            }
        }
    }

    /** Bytes of the record that is under way. */
    public int partialBytes() {
        return pieceBytes;
    }

    /** How many bytes the fragment under way still lacks, 0 between fragments. */
    public int wanted() {
        return inFragment ? fragmentLeft : 0;
    }

    /** Whether bytes wait that {@link #next} has not looked at. */
    public boolean hasInput() {
        return !input.isEmpty();
    }

    /** Frees everything. */
    public void release() {
        input.forEach(ByteBuf::release);
        input.clear();
        pieces.forEach(ByteBuf::release);
        reset();
    }

    private boolean readHeader() throws RecordTooLongException {
        while (headerBytes < 4) {
            ByteBuf in = input.peekFirst();
            if (in == null) {
                return false;
            }
            header = header << 8 | in.readUnsignedByte();
            headerBytes++;
            dropIfEmpty(in);
        }
        int length = header & ~LAST;
        if (length > maxRecordBytes - announced) {
            throw new RecordTooLongException("a record of " + ((long) announced + length)
                    + " bytes or more came, maxRecordBytes is " + maxRecordBytes);
        }
        if (length == 0 && ++emptyFragments > MAX_EMPTY_FRAGMENTS) {
            throw new RecordTooLongException("a record came in more than " + MAX_EMPTY_FRAGMENTS + " empty fragments");
        }
        announced += length;
        fragmentLeft = length;
        lastFragment = (header & LAST) != 0;
        inFragment = true;
        header = 0;
        headerBytes = 0;
        return true;
    }

    private void take(ByteBuf in, int length) {
        if (length >= in.capacity() / 2) {
            pieces.add(slice(in, length));
        } else {
            copy(in, length);
            dropIfEmpty(in);
        }
        pieceBytes += length;
        fragmentLeft -= length;
    }

    private void copy(ByteBuf in, int length) {
        ByteBuf last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
        int left = length;
        // A slice of a read buffer has no room; behind the last piece of one nobody else reads.
        if (last != null && last.writableBytes() > 0) {
            int fits = Math.min(left, last.writableBytes());
            last.writeBytes(in, fits);
            left -= fits;
        }
        if (left > 0) {
            int chunk = Math.min(Math.max(pieceBytes, MIN_CHUNK), MAX_CHUNK);
            int capacity = Math.max(left, Math.min(chunk, fragmentLeft));
            pieces.add(allocator.buffer(capacity, capacity).writeBytes(in, left));
        }
    }

    private ByteBuf slice(ByteBuf in, int length) {
        if (length < in.readableBytes()) {
            return in.readRetainedSlice(length);
        }
        return input.removeFirst();
    }

    private void dropIfEmpty(ByteBuf in) {
        if (!in.isReadable()) {
            input.removeFirst();
            in.release();
        }
    }

    private ByteBuf assemble() {
        ByteBuf record;
        if (pieces.isEmpty()) {
            record = Unpooled.EMPTY_BUFFER;
        } else if (pieces.size() == 1) {
            record = pieces.get(0);
        } else {
            record = allocator.compositeBuffer(pieces.size()).addComponents(true, pieces);
        }
        reset();
        return record;
    }

    private void reset() {
        pieces.clear();
        pieceBytes = 0;
        announced = 0;
        emptyFragments = 0;
        fragmentLeft = 0;
        inFragment = false;
    }
}
