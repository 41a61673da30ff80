package io.mooring.lockd.internal.journal;

import io.mooring.lockd.internal.table.Change;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;

/** What a service's journal says of its locks, from one record to the next. Immutable. */
public sealed interface LockRecord {
    /** The first byte of each. */
    int VERSION = 1;

    /** Something changed in the table. */
    record Changed(Change change) implements LockRecord {}

    /** Nothing is known any more of what was before. */
    record Forgotten() implements LockRecord {}

    /** Whether hosts may reclaim what is not in the journal. */
    record Grace(boolean on) implements LockRecord {}

    default byte[] toBytes() {
        XdrWriter writer = XdrWriter.create();
        if (this instanceof Changed changed) {
            ChangeWriter.write(changed.change(), writer);
        } else if (this instanceof Grace grace) {
            kind(Kind.GRACE, writer).writeBool(grace.on());
        } else {
            kind(Kind.FORGOTTEN, writer);
        }
        return writer.toByteArray();
    }

    /** The inverse of {@link #toBytes}; throws where the bytes are no record, or of a later version. */
    static LockRecord read(byte[] bytes) throws XdrException {
        XdrReader reader = XdrReader.of(bytes);
        int word = reader.readInt();
        if (word >>> 24 != VERSION) {
            throw new XdrException("version " + (word >>> 24));
        }
        Kind kind = Kind.of(word & 0xff_ffff);
        LockRecord read = switch (kind) {
            case FORGOTTEN -> new Forgotten();
            case GRACE -> new Grace(reader.readBool());
            default -> new Changed(ChangeReader.read(kind, reader));
        };
        if (reader.remaining() != 0) {
            throw new XdrException(reader.remaining() + " bytes are left over");
        }
        return read;
    }

    /** What it says: the number in the record. */
    enum Kind {
        FORGOTTEN(0),
        GRACE(1),
        HELD(2),
        WAITS(3),
        WAITS_NO_MORE(4),
        GRANTED(5),
        CONFIRMED(6),
        SHARED(7),
        UNSHARED(8);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        static Kind of(int number) throws XdrException {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            throw new XdrException("kind " + number);
        }
    }

    /** Begins a record. */
    static XdrWriter kind(Kind kind, XdrWriter writer) {
        return writer.writeInt(VERSION << 24 | kind.number);
    }
}
