package io.mooring.failover.internal.journal;

import io.mooring.posix.Errno;
import io.mooring.posix.PosixException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A generation of the journal while it is written. Guarded by the journal's writer lock, but for {@link #sync}. */
final class ActiveFile {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveFile.class);
    /** Read in a few milliseconds. */
    private static final long LITTLE = 512 << 10;

    private static final int BUFFER = RecordCodec.MAX_RECORD + FileHeader.BYTES;

    private final OpenFile file;
    private final RecordCodec codec;
    private final ByteBuffer buffer;
    private FileHeader header;
    private long position = FileHeader.BYTES;
    private long compactAt = Long.MAX_VALUE;

    /** Writes nothing yet. */
    ActiveFile(OpenFile file, FileHeader header) {
        this(file, header, ByteBuffer.allocateDirect(BUFFER));
    }

    private ActiveFile(OpenFile file, FileHeader header, ByteBuffer buffer) {
        this.file = file;
        this.header = header;
        this.codec = new RecordCodec(header.generation());
        this.buffer = buffer;
    }

    /** The generation after this one, which must not be used any more; writes its header. */
    ActiveFile next(OpenFile spare) throws IOException {
        FileHeader after = new FileHeader(
                header.generation() + 1,
                header.service(),
                header.boot(),
                header.async(),
                header.incomplete(),
                spare.size());
        ActiveFile next = new ActiveFile(spare, after, buffer);
        next.writeHeader();
        return next;
    }

    FileHeader header() {
        return header;
    }

    void writeHeader() throws IOException {
        file.write(header.encode(), 0);
    }

    /** What the next header says. */
    void setIncomplete(boolean incomplete) {
        header = header.with(incomplete, header.size());
    }

    /** To be written by {@link #flush}, or before. */
    void add(Kind kind, int stream, byte[] payload) throws IOException {
        if (buffer.remaining() < RecordCodec.size(payload.length)) {
            flush();
        }
        codec.put(buffer, position + buffer.position(), kind, stream, payload);
    }

    void flush() throws IOException {
        long end = position + buffer.position();
        if (end > header.size()) {
            grow(end);
        }
        buffer.flip();
        file.write(buffer, position);
        buffer.clear();
        position = end;
    }

    /** Only where there is more to say than half a file has room for, and compacting has not ended yet, or did not help. */
    private void grow(long end) throws IOException {
        long size = end + header.size() / 2;
        file.reserve(size);
        header = header.with(header.incomplete(), size);
        writeHeader();
    }

    /**
     * The snapshot is whole: the file is to be compacted when there are twice as many bytes behind it, or half of what is left is used
     * up. The next node reads it all while clients wait.
     */
    void snapshotEnds() {
        compactAfter(2 * position);
    }

    /** What was found is written again, with all that has changed since: to be compacted when there is a little more. */
    void beginsWithWhatWasFound() {
        compactAfter(0);
    }

    private void compactAfter(long bytes) {
        long enough = position + Math.max(LITTLE, bytes);
        compactAt = Math.min(enough, Math.max(header.size() / 2, position + (header.size() - position) / 2));
    }

    /** Where more than half of it is in use, the file for the next generation becomes larger. */
    void makeRoomIn(OpenFile spare) throws IOException {
        if (position <= header.size() / 2) {
            return;
        }
        try {
            spare.reserve(4 * position);
        } catch (PosixException e) {
            if (e.errno() != Errno.ENOSPC && e.errno() != Errno.EDQUOT) {
                throw e;
            }
            LOG.warn("no room to let the journal grow beyond {} bytes: make room", header.size());
        }
    }

    boolean isFull() {
        return position > compactAt;
    }

    void sync() throws IOException {
        file.sync();
    }

    OpenFile file() {
        return file;
    }
}
