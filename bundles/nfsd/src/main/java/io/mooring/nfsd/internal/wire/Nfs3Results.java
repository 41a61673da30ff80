package io.mooring.nfsd.internal.wire;

import io.mooring.nfsd.internal.wire.Nfs3.FAttr3;
import io.mooring.nfsd.internal.wire.Nfs3.Item;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsTime3;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpAttr;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpFh3;
import io.mooring.nfsd.internal.wire.Nfs3.WccData;
import io.mooring.nfsd.internal.wire.Nfs3Args.StableHow;
import io.mooring.sunrpc.RpcBuffer;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The arms of the results of NFS version 3's procedures (RFC 1813 §3.3), in the RFC's order. SETATTR, REMOVE and RMDIR
 * answer a plain {@link WccData}, whether they fail or not; where no failure arm is named here it is a {@link WccData}
 * for what changes, a {@link PostOpAttr} for what only looks. Immutable.
 */
public final class Nfs3Results {

    private Nfs3Results() {}

    /** GETATTR3resok. */
    public record GetAttr3ResOk(FAttr3 objAttributes) implements Item {
        public static GetAttr3ResOk read(XdrReader reader) throws XdrException {
            return new GetAttr3ResOk(FAttr3.read(reader));
        }

        @Override
        public void write(XdrWriter writer) {
            objAttributes.write(writer);
        }
    }

    /** LOOKUP3resok. */
    public record Lookup3ResOk(NfsFh3 object, PostOpAttr objAttributes, PostOpAttr dirAttributes) implements Item {
        public static Lookup3ResOk read(XdrReader reader) throws XdrException {
            return new Lookup3ResOk(NfsFh3.read(reader), PostOpAttr.read(reader), PostOpAttr.read(reader));
        }

        @Override
        public void write(XdrWriter writer) {
            object.write(writer);
            objAttributes.write(writer);
            dirAttributes.write(writer);
        }
    }

    /** ACCESS3resok. */
    public record Access3ResOk(PostOpAttr objAttributes, int access) implements Item {
        public static Access3ResOk read(XdrReader reader) throws XdrException {
            return new Access3ResOk(PostOpAttr.read(reader), reader.readInt());
        }

        @Override
        public void write(XdrWriter writer) {
            objAttributes.write(writer);
            writer.writeInt(access);
        }
    }

    /** READLINK3resok. */
    public record ReadLink3ResOk(PostOpAttr symlinkAttributes, byte[] data) implements Item {
        public static ReadLink3ResOk read(XdrReader reader) throws XdrException {
            return new ReadLink3ResOk(PostOpAttr.read(reader), reader.readOpaque(Nfs3.MAXPATHLEN));
        }

        @Override
        public void write(XdrWriter writer) {
            symlinkAttributes.write(writer);
            writer.writeOpaque(data);
        }
    }

    /** File data in a reply: pooled memory on its way out, bytes when it was read. */
    public sealed interface FileData extends Item {

        record Pooled(RpcBuffer buffer, int length) implements FileData {
            @Override
            public void write(XdrWriter writer) {
                writer.writeOpaque(buffer, length);
            }
        }

        record Bytes(byte[] bytes) implements FileData {
            @Override
            public void write(XdrWriter writer) {
                writer.writeOpaque(bytes);
            }
        }
    }

    /** READ3resok. */
    public record Read3ResOk(PostOpAttr fileAttributes, int count, boolean eof, FileData data) implements Item {
        public static Read3ResOk read(XdrReader r) throws XdrException {
            return new Read3ResOk(
                    PostOpAttr.read(r), r.readInt(), r.readBool(), new FileData.Bytes(r.readOpaque(Integer.MAX_VALUE)));
        }

        @Override
        public void write(XdrWriter writer) {
            fileAttributes.write(writer);
            writer.writeInt(count).writeBool(eof);
            data.write(writer);
        }
    }

    /** WRITE3resok. */
    public record Write3ResOk(WccData fileWcc, int count, StableHow committed, long verf) implements Item {
        public static Write3ResOk read(XdrReader r) throws XdrException {
            return new Write3ResOk(WccData.read(r), r.readInt(), StableHow.read(r), r.readLong());
        }

        @Override
        public void write(XdrWriter writer) {
            fileWcc.write(writer);
            writer.writeInt(count).writeInt(committed.value()).writeLong(verf);
        }
    }

    /** CREATE3resok, MKDIR3resok, SYMLINK3resok and MKNOD3resok, which are alike. */
    public record Create3ResOk(PostOpFh3 obj, PostOpAttr objAttributes, WccData dirWcc) implements Item {
        public static Create3ResOk read(XdrReader reader) throws XdrException {
            return new Create3ResOk(PostOpFh3.read(reader), PostOpAttr.read(reader), WccData.read(reader));
        }

        @Override
        public void write(XdrWriter writer) {
            obj.write(writer);
            objAttributes.write(writer);
            dirWcc.write(writer);
        }
    }

    /** RENAME3resok and RENAME3resfail, which are alike. */
    public record Rename3Wcc(WccData fromdirWcc, WccData todirWcc) implements Item {
        public static Rename3Wcc read(XdrReader reader) throws XdrException {
            return new Rename3Wcc(WccData.read(reader), WccData.read(reader));
        }

        @Override
        public void write(XdrWriter writer) {
            fromdirWcc.write(writer);
            todirWcc.write(writer);
        }
    }

    /** LINK3resok and LINK3resfail, which are alike. */
    public record Link3Wcc(PostOpAttr fileAttributes, WccData linkdirWcc) implements Item {
        public static Link3Wcc read(XdrReader reader) throws XdrException {
            return new Link3Wcc(PostOpAttr.read(reader), WccData.read(reader));
        }

        @Override
        public void write(XdrWriter writer) {
            fileAttributes.write(writer);
            linkdirWcc.write(writer);
        }
    }

    /** entry3, without the link to the next. */
    public record Entry3(long fileid, byte[] name, long cookie) implements Item {
        public static Entry3 read(XdrReader reader) throws XdrException {
            return new Entry3(reader.readLong(), reader.readOpaque(Nfs3.MAXPATHLEN), reader.readLong());
        }

        /** Bytes on the wire, with the boolean in front of it. */
        public static int bytes(byte[] name) {
            return 4 + 8 + 4 + ((name.length + 3) & ~3) + 8;
        }

        @Override
        public void write(XdrWriter writer) {
            writer.writeLong(fileid).writeOpaque(name).writeLong(cookie);
        }
    }

    /** READDIR3resok. */
    public record ReadDir3ResOk(PostOpAttr dirAttributes, long cookieverf, List<Entry3> entries, boolean eof)
            implements Item {
        public static ReadDir3ResOk read(XdrReader r) throws XdrException {
            return new ReadDir3ResOk(PostOpAttr.read(r), r.readLong(), readList(r, Entry3::read), r.readBool());
        }

        @Override
        public void write(XdrWriter writer) {
            dirAttributes.write(writer);
            writer.writeLong(cookieverf);
            writeList(entries, writer);
            writer.writeBool(eof);
        }
    }

    /** entryplus3, without the link to the next. */
    public record EntryPlus3(Entry3 entry, PostOpAttr nameAttributes, PostOpFh3 nameHandle) implements Item {
        public static EntryPlus3 read(XdrReader reader) throws XdrException {
            return new EntryPlus3(Entry3.read(reader), PostOpAttr.read(reader), PostOpFh3.read(reader));
        }

        /** Bytes on the wire, with the boolean in front of it. */
        public int bytes() {
            int attributes = nameAttributes.attributes() == null ? 0 : FAttr3.BYTES;
            int handle =
                    nameHandle.handle() == null ? 0 : 4 + ((nameHandle.handle().data().length + 3) & ~3);
            return Entry3.bytes(entry.name()) + 4 + attributes + 4 + handle;
        }

        @Override
        public void write(XdrWriter writer) {
            entry.write(writer);
            nameAttributes.write(writer);
            nameHandle.write(writer);
        }
    }

    /** READDIRPLUS3resok. */
    public record ReadDirPlus3ResOk(PostOpAttr dirAttributes, long cookieverf, List<EntryPlus3> entries, boolean eof)
            implements Item {
        public static ReadDirPlus3ResOk read(XdrReader r) throws XdrException {
            return new ReadDirPlus3ResOk(PostOpAttr.read(r), r.readLong(), readList(r, EntryPlus3::read), r.readBool());
        }

        @Override
        public void write(XdrWriter writer) {
            dirAttributes.write(writer);
            writer.writeLong(cookieverf);
            writeList(entries, writer);
            writer.writeBool(eof);
        }
    }

    /** FSSTAT3resok. */
    public record FsStat3ResOk(
            PostOpAttr objAttributes,
            long tbytes,
            long fbytes,
            long abytes,
            long tfiles,
            long ffiles,
            long afiles,
            int invarsec)
            implements Item {
        public static FsStat3ResOk read(XdrReader r) throws XdrException {
            return new FsStat3ResOk(
                    PostOpAttr.read(r),
                    r.readLong(),
                    r.readLong(),
                    r.readLong(),
                    r.readLong(),
                    r.readLong(),
                    r.readLong(),
                    r.readInt());
        }

        @Override
        public void write(XdrWriter w) {
            objAttributes.write(w);
            w.writeLong(tbytes).writeLong(fbytes).writeLong(abytes);
            w.writeLong(tfiles).writeLong(ffiles).writeLong(afiles);
            w.writeInt(invarsec);
        }
    }

    /** A size that a client may use, the one that it should, and of what it should be a multiple. */
    public record Transfer(int max, int pref, int mult) implements Item {
        public static Transfer read(XdrReader reader) throws XdrException {
            return new Transfer(reader.readInt(), reader.readInt(), reader.readInt());
        }

        @Override
        public void write(XdrWriter writer) {
            writer.writeInt(max).writeInt(pref).writeInt(mult);
        }
    }

    /** FSINFO3resok; the sizes are rtmax, rtpref, rtmult and wtmax, wtpref, wtmult. */
    public record FsInfo3ResOk(
            PostOpAttr objAttributes,
            Transfer read,
            Transfer write,
            int dtpref,
            long maxfilesize,
            NfsTime3 timeDelta,
            int properties)
            implements Item {
        public static final int FSF3_LINK = 0x0001;
        public static final int FSF3_SYMLINK = 0x0002;
        public static final int FSF3_HOMOGENEOUS = 0x0008;
        public static final int FSF3_CANSETTIME = 0x0010;

        public static FsInfo3ResOk read(XdrReader r) throws XdrException {
            return new FsInfo3ResOk(
                    PostOpAttr.read(r),
                    Transfer.read(r),
                    Transfer.read(r),
                    r.readInt(),
                    r.readLong(),
                    NfsTime3.read(r),
                    r.readInt());
        }

        @Override
        public void write(XdrWriter w) {
            objAttributes.write(w);
            read.write(w);
            write.write(w);
            w.writeInt(dtpref).writeLong(maxfilesize);
            timeDelta.write(w);
            w.writeInt(properties);
        }
    }

    /** PATHCONF3resok. */
    public record PathConf3ResOk(
            PostOpAttr objAttributes,
            int linkmax,
            int nameMax,
            boolean noTrunc,
            boolean chownRestricted,
            boolean caseInsensitive,
            boolean casePreserving)
            implements Item {
        public static PathConf3ResOk read(XdrReader r) throws XdrException {
            return new PathConf3ResOk(
                    PostOpAttr.read(r),
                    r.readInt(),
                    r.readInt(),
                    r.readBool(),
                    r.readBool(),
                    r.readBool(),
                    r.readBool());
        }

        @Override
        public void write(XdrWriter w) {
            objAttributes.write(w);
            w.writeInt(linkmax).writeInt(nameMax);
            w.writeBool(noTrunc)
                    .writeBool(chownRestricted)
                    .writeBool(caseInsensitive)
                    .writeBool(casePreserving);
        }
    }

    /** COMMIT3resok. */
    public record Commit3ResOk(WccData fileWcc, long verf) implements Item {
        public static Commit3ResOk read(XdrReader reader) throws XdrException {
            return new Commit3ResOk(WccData.read(reader), reader.readLong());
        }

        @Override
        public void write(XdrWriter writer) {
            fileWcc.write(writer);
            writer.writeLong(verf);
        }
    }

    /** A linked list: a boolean in front of each item, and one after the last. */
    static <T> List<T> readList(XdrReader reader, XdrDecoder<T> item) throws XdrException {
        List<T> list = new ArrayList<>();
        while (reader.readBool()) {
            list.add(item.read(reader));
        }
        return list;
    }

    static void writeList(List<? extends Item> items, XdrWriter writer) {
        for (Item item : items) {
            writer.writeBool(true);
            item.write(writer);
        }
        writer.writeBool(false);
    }
}
