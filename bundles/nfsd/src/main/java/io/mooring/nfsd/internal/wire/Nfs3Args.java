package io.mooring.nfsd.internal.wire;

import io.mooring.nfsd.internal.wire.Nfs3.FType3;
import io.mooring.nfsd.internal.wire.Nfs3.Item;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsTime3;
import io.mooring.nfsd.internal.wire.Nfs3.SpecData3;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import java.nio.ByteBuffer;

/**
 * The arguments of NFS version 3's procedures (RFC 1813 §3.3), in the RFC's order. GETATTR, READLINK, FSSTAT, FSINFO and
 * PATHCONF take a plain {@link NfsFh3}; LOOKUP, REMOVE and RMDIR a {@link DirOpArgs3}. Immutable.
 */
public final class Nfs3Args {

    private Nfs3Args() {}

    /** diropargs3: a name in a directory. */
    public record DirOpArgs3(NfsFh3 dir, byte[] name) implements Item {
        public static DirOpArgs3 read(XdrReader reader) throws XdrException {
            return new DirOpArgs3(NfsFh3.read(reader), reader.readOpaque(Nfs3.MAXPATHLEN));
        }

        @Override
        public void write(XdrWriter writer) {
            dir.write(writer);
            writer.writeOpaque(name);
        }
    }

    /** time_how and its time: set_atime or set_mtime. */
    public sealed interface SetTime extends Item {
        record DontChange() implements SetTime {}

        record SetToServerTime() implements SetTime {}

        record SetToClientTime(NfsTime3 time) implements SetTime {}

        static SetTime read(XdrReader reader) throws XdrException {
            int how = reader.readInt();
            return switch (how) {
                case 0 -> new DontChange();
                case 1 -> new SetToServerTime();
                case 2 -> new SetToClientTime(NfsTime3.read(reader));
                default -> throw new XdrException("time_how " + how);
            };
        }

        @Override
        default void write(XdrWriter writer) {
            if (this instanceof SetToClientTime client) {
                writer.writeInt(2);
                client.time().write(writer);
            } else {
                writer.writeInt(this instanceof SetToServerTime ? 1 : 0);
            }
        }
    }

    /** sattr3; null leaves an attribute as it is. */
    public record SAttr3(Integer mode, Integer uid, Integer gid, Long size, SetTime atime, SetTime mtime)
            implements Item {
        public static final SAttr3 NONE =
                new SAttr3(null, null, null, null, new SetTime.DontChange(), new SetTime.DontChange());

        public static SAttr3 read(XdrReader r) throws XdrException {
            return new SAttr3(
                    r.readBool() ? r.readInt() : null,
                    r.readBool() ? r.readInt() : null,
                    r.readBool() ? r.readInt() : null,
                    r.readBool() ? r.readLong() : null,
                    SetTime.read(r),
                    SetTime.read(r));
        }

        @Override
        public void write(XdrWriter writer) {
            writeOptional(mode, writer);
            writeOptional(uid, writer);
            writeOptional(gid, writer);
            writer.writeBool(size != null);
            if (size != null) {
                writer.writeLong(size);
            }
            atime.write(writer);
            mtime.write(writer);
        }

        private static void writeOptional(Integer value, XdrWriter writer) {
            writer.writeBool(value != null);
            if (value != null) {
                writer.writeInt(value);
            }
        }
    }

    /** SETATTR3args; null guard: none. */
    public record SetAttr3Args(NfsFh3 object, SAttr3 newAttributes, NfsTime3 guard) implements Item {
        public static SetAttr3Args read(XdrReader reader) throws XdrException {
            return new SetAttr3Args(
                    NfsFh3.read(reader), SAttr3.read(reader), reader.readBool() ? NfsTime3.read(reader) : null);
        }

        @Override
        public void write(XdrWriter writer) {
            object.write(writer);
            newAttributes.write(writer);
            Nfs3.writeOptional(guard, writer);
        }
    }

    /** ACCESS3args. */
    public record Access3Args(NfsFh3 object, int access) implements Item {
        public static Access3Args read(XdrReader reader) throws XdrException {
            return new Access3Args(NfsFh3.read(reader), reader.readInt());
        }

        @Override
        public void write(XdrWriter writer) {
            object.write(writer);
            writer.writeInt(access);
        }
    }

    /** READ3args; offset and count are unsigned. */
    public record Read3Args(NfsFh3 file, long offset, int count) implements Item {
        public static Read3Args read(XdrReader reader) throws XdrException {
            return new Read3Args(NfsFh3.read(reader), reader.readLong(), reader.readInt());
        }

        @Override
        public void write(XdrWriter writer) {
            file.write(writer);
            writer.writeLong(offset).writeInt(count);
        }
    }

    /** stable_how. */
    public enum StableHow {
        UNSTABLE(0),
        DATA_SYNC(1),
        FILE_SYNC(2);

        private final int value;

        StableHow(int value) {
            this.value = value;
        }

        public static StableHow read(XdrReader reader) throws XdrException {
            int value = reader.readInt();
            for (StableHow how : values()) {
                if (how.value == value) {
                    return how;
                }
            }
            throw new XdrException("stable_how " + value);
        }

        public int value() {
            return value;
        }
    }

    /** WRITE3args; the data are views of the received message, valid until the call is answered. */
    public record Write3Args(NfsFh3 file, long offset, int count, StableHow stable, ByteBuffer[] data) implements Item {
        public static Write3Args read(XdrReader r) throws XdrException {
            return new Write3Args(
                    NfsFh3.read(r),
                    r.readLong(),
                    r.readInt(),
                    StableHow.read(r),
                    r.readOpaqueBuffers(Integer.MAX_VALUE));
        }

        /** The bytes that really came. */
        public long length() {
            long length = 0;
            for (ByteBuffer buffer : data) {
                length += buffer.remaining();
            }
            return length;
        }

        @Override
        public void write(XdrWriter writer) {
            file.write(writer);
            writer.writeLong(offset).writeInt(count).writeInt(stable.value());
            byte[] bytes = new byte[(int) length()];
            int at = 0;
            for (ByteBuffer buffer : data) {
                buffer.get(buffer.position(), bytes, at, buffer.remaining());
                at += buffer.remaining();
            }
            writer.writeOpaque(bytes);
        }
    }

    /** createhow3. */
    public sealed interface CreateHow3 extends Item {
        record Unchecked(SAttr3 attributes) implements CreateHow3 {}

        record Guarded(SAttr3 attributes) implements CreateHow3 {}

        record Exclusive(long verf) implements CreateHow3 {}

        static CreateHow3 read(XdrReader reader) throws XdrException {
            int mode = reader.readInt();
            return switch (mode) {
                case 0 -> new Unchecked(SAttr3.read(reader));
                case 1 -> new Guarded(SAttr3.read(reader));
                case 2 -> new Exclusive(reader.readLong());
                default -> throw new XdrException("createmode3 " + mode);
            };
        }

        @Override
        default void write(XdrWriter writer) {
            if (this instanceof Unchecked unchecked) {
                unchecked.attributes().write(writer.writeInt(0));
            } else if (this instanceof Guarded guarded) {
                guarded.attributes().write(writer.writeInt(1));
            } else if (this instanceof Exclusive exclusive) {
                writer.writeInt(2).writeLong(exclusive.verf());
            }
        }
    }

    /** CREATE3args. */
    public record Create3Args(DirOpArgs3 where, CreateHow3 how) implements Item {
        public static Create3Args read(XdrReader reader) throws XdrException {
            return new Create3Args(DirOpArgs3.read(reader), CreateHow3.read(reader));
        }

        @Override
        public void write(XdrWriter writer) {
            where.write(writer);
            how.write(writer);
        }
    }

    /** MKDIR3args. */
    public record MkDir3Args(DirOpArgs3 where, SAttr3 attributes) implements Item {
        public static MkDir3Args read(XdrReader reader) throws XdrException {
            return new MkDir3Args(DirOpArgs3.read(reader), SAttr3.read(reader));
        }

        @Override
        public void write(XdrWriter writer) {
            where.write(writer);
            attributes.write(writer);
        }
    }

    /** SYMLINK3args, with symlinkdata3 in place. */
    public record Symlink3Args(DirOpArgs3 where, SAttr3 attributes, byte[] data) implements Item {
        public static Symlink3Args read(XdrReader reader) throws XdrException {
            return new Symlink3Args(DirOpArgs3.read(reader), SAttr3.read(reader), reader.readOpaque(Nfs3.MAXPATHLEN));
        }

        @Override
        public void write(XdrWriter writer) {
            where.write(writer);
            attributes.write(writer);
            writer.writeOpaque(data);
        }
    }

    /** mknoddata3: attributes for devices, sockets and fifos; a device's number for devices; else both null. */
    public record MkNodData3(FType3 type, SAttr3 attributes, SpecData3 spec) implements Item {
        public static MkNodData3 read(XdrReader reader) throws XdrException {
            FType3 type = FType3.read(reader);
            return switch (type) {
                case NF3CHR, NF3BLK -> new MkNodData3(type, SAttr3.read(reader), SpecData3.read(reader));
                case NF3SOCK, NF3FIFO -> new MkNodData3(type, SAttr3.read(reader), null);
                default -> new MkNodData3(type, null, null);
            };
        }

        @Override
        public void write(XdrWriter writer) {
            type.write(writer);
            if (attributes != null) {
                attributes.write(writer);
            }
            if (spec != null) {
                spec.write(writer);
            }
        }
    }

    /** MKNOD3args. */
    public record MkNod3Args(DirOpArgs3 where, MkNodData3 what) implements Item {
        public static MkNod3Args read(XdrReader reader) throws XdrException {
            return new MkNod3Args(DirOpArgs3.read(reader), MkNodData3.read(reader));
        }

        @Override
        public void write(XdrWriter writer) {
            where.write(writer);
            what.write(writer);
        }
    }

    /** RENAME3args. */
    public record Rename3Args(DirOpArgs3 from, DirOpArgs3 to) implements Item {
        public static Rename3Args read(XdrReader reader) throws XdrException {
            return new Rename3Args(DirOpArgs3.read(reader), DirOpArgs3.read(reader));
        }

        @Override
        public void write(XdrWriter writer) {
            from.write(writer);
            to.write(writer);
        }
    }

    /** LINK3args. */
    public record Link3Args(NfsFh3 file, DirOpArgs3 link) implements Item {
        public static Link3Args read(XdrReader reader) throws XdrException {
            return new Link3Args(NfsFh3.read(reader), DirOpArgs3.read(reader));
        }

        @Override
        public void write(XdrWriter writer) {
            file.write(writer);
            link.write(writer);
        }
    }

    /** READDIR3args; count is unsigned. */
    public record ReadDir3Args(NfsFh3 dir, long cookie, long cookieverf, int count) implements Item {
        public static ReadDir3Args read(XdrReader reader) throws XdrException {
            return new ReadDir3Args(NfsFh3.read(reader), reader.readLong(), reader.readLong(), reader.readInt());
        }

        @Override
        public void write(XdrWriter writer) {
            dir.write(writer);
            writer.writeLong(cookie).writeLong(cookieverf).writeInt(count);
        }
    }

    /** READDIRPLUS3args; the counts are unsigned. */
    public record ReadDirPlus3Args(NfsFh3 dir, long cookie, long cookieverf, int dircount, int maxcount)
            implements Item {
        public static ReadDirPlus3Args read(XdrReader r) throws XdrException {
            return new ReadDirPlus3Args(NfsFh3.read(r), r.readLong(), r.readLong(), r.readInt(), r.readInt());
        }

        @Override
        public void write(XdrWriter writer) {
            dir.write(writer);
            writer.writeLong(cookie).writeLong(cookieverf).writeInt(dircount).writeInt(maxcount);
        }
    }

    /** COMMIT3args; offset and count are unsigned. */
    public record Commit3Args(NfsFh3 file, long offset, int count) implements Item {
        public static Commit3Args read(XdrReader reader) throws XdrException {
            return new Commit3Args(NfsFh3.read(reader), reader.readLong(), reader.readInt());
        }

        @Override
        public void write(XdrWriter writer) {
            file.write(writer);
            writer.writeLong(offset).writeInt(count);
        }
    }
}
