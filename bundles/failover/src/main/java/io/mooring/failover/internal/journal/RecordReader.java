package io.mooring.failover.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Reads the records of one generation from a file, up to the first that is not valid. Not thread-safe. */
final class RecordReader {
    /** What is read at once: a record fits in any case. */
    private static final int WINDOW = 2 * RecordCodec.MAX_RECORD;

    private final Source source;
    private final RecordCodec codec;
    private final ByteBuffer window;
    private long start;
    private long position = FileHeader.BYTES;

    /** A record of a file. */
    record Item(Kind kind, int stream, byte[] payload) {}

    RecordReader(Source source, long generation) throws IOException {
        this.source = source;
        this.codec = new RecordCodec(generation);
        this.window = ByteBuffer.allocateDirect((int) Math.min(WINDOW, source.size()));
        window.limit(0);
    }

    /** The next one; empty where what comes is none. */
    Optional<Item> next() throws IOException {
        if (!isRecord(position)) {
            return Optional.empty();
        }
        int at = (int) (position - start);
        byte[] payload = new byte[RecordCodec.payload(window, at)];
        window.get(at + RecordCodec.HEADER, payload);
        Optional<Kind> kind = Kind.of(RecordCodec.kind(window, at));
        if (kind.isPresent()) {
            position += RecordCodec.size(payload.length);
        }
        return kind.map(known -> new Item(known, RecordCodec.stream(window, at), payload));
    }

    /** Whether there is a valid record behind the place where {@link #next} found none: what is there was one, too. */
    boolean isDamaged() throws IOException {
        for (long at = nextMagic(position); at >= 0; at = nextMagic(at + RecordCodec.ALIGNMENT)) {
            if (isRecord(at)) {
                return true;
            }
        }
        return false;
    }

    /** Where a record may begin, from there on; -1 where none does. Clients may wait while megabytes of nothing are looked at. */
    private long nextMagic(long from) throws IOException {
        for (long at = from; load(at, RecordCodec.HEADER); ) {
            int last = window.limit() - RecordCodec.HEADER;
            int here = (int) (at - start);
            while (here <= last && !RecordCodec.isMagic(window, here)) {
                here += RecordCodec.ALIGNMENT;
            }
            at = start + here;
            if (here <= last) {
                return at;
            }
        }
        return -1;
    }

    private boolean isRecord(long at) throws IOException {
        if (!load(at, RecordCodec.HEADER) || !codec.isHeader(window, (int) (at - start), at)) {
            return false;
        }
        int size = RecordCodec.size(RecordCodec.payload(window, (int) (at - start)));
        return load(at, size) && codec.isPayload(window, (int) (at - start), at);
    }

    /** Has bytes of the file in the window; false where the file ends earlier. */
    private boolean load(long at, int length) throws IOException {
        if (at < start || at + length > start + window.limit()) {
            start = at;
            window.clear();
            source.read(window, at);
            window.flip();
        }
        return length <= window.limit();
    }
}
