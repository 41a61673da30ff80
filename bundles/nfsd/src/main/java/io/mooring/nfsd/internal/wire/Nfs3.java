package io.mooring.nfsd.internal.wire;

import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;

/**
 * The data types that NFS version 3's procedures share (RFC 1813 §2.3 to §2.6). An optional item (pre_op_attr,
 * post_op_attr, sattrguard3 and so on) that is absent is null. All types are immutable.
 */
public final class Nfs3 {
    public static final int PROGRAM = 100003;
    public static final int VERSION = 3;

    /** NFS3_FHSIZE: bytes of a handle at the most. */
    public static final int FHSIZE = 64;

    /** RFC 1813 leaves names and paths unbounded; this is Linux's PATH_MAX. */
    public static final int MAXPATHLEN = 4096;

    /** The longest name that is served: Linux's NAME_MAX. Longer ones are read, and answered NFS3ERR_NAMETOOLONG. */
    public static final int MAXNAMLEN = 255;

    private Nfs3() {}

    /** Anything that can be written. */
    public interface Item {
        void write(XdrWriter writer);
    }

    /** nfsstat3. */
    public enum NfsStat3 {
        NFS3_OK(0),
        NFS3ERR_PERM(1),
        NFS3ERR_NOENT(2),
        NFS3ERR_IO(5),
        NFS3ERR_NXIO(6),
        NFS3ERR_ACCES(13),
        NFS3ERR_EXIST(17),
        NFS3ERR_XDEV(18),
        NFS3ERR_NODEV(19),
        NFS3ERR_NOTDIR(20),
        NFS3ERR_ISDIR(21),
        NFS3ERR_INVAL(22),
        NFS3ERR_FBIG(27),
        NFS3ERR_NOSPC(28),
        NFS3ERR_ROFS(30),
        NFS3ERR_MLINK(31),
        NFS3ERR_NAMETOOLONG(63),
        NFS3ERR_NOTEMPTY(66),
        NFS3ERR_DQUOT(69),
        NFS3ERR_STALE(70),
        NFS3ERR_REMOTE(71),
        NFS3ERR_BADHANDLE(10001),
        NFS3ERR_NOT_SYNC(10002),
        NFS3ERR_BAD_COOKIE(10003),
        NFS3ERR_NOTSUPP(10004),
        NFS3ERR_TOOSMALL(10005),
        NFS3ERR_SERVERFAULT(10006),
        NFS3ERR_BADTYPE(10007),
        NFS3ERR_JUKEBOX(10008);

        private final int value;

        NfsStat3(int value) {
            this.value = value;
        }

        public int value() {
            return value;
        }

        public static NfsStat3 read(XdrReader reader) throws XdrException {
            int value = reader.readInt();
            for (NfsStat3 status : values()) {
                if (status.value == value) {
                    return status;
                }
            }
            throw new XdrException("nfsstat3 " + value);
        }
    }

    /** ftype3. */
    public enum FType3 {
        NF3REG(1),
        NF3DIR(2),
        NF3BLK(3),
        NF3CHR(4),
        NF3LNK(5),
        NF3SOCK(6),
        NF3FIFO(7);

        private final int value;

        FType3(int value) {
            this.value = value;
        }

        public static FType3 read(XdrReader reader) throws XdrException {
            int value = reader.readInt();
            for (FType3 type : values()) {
                if (type.value == value) {
                    return type;
                }
            }
            throw new XdrException("ftype3 " + value);
        }

        public void write(XdrWriter writer) {
            writer.writeInt(value);
        }
    }

    /** A result: {@code union switch (nfsstat3 status)} with one arm for NFS3_OK and one for everything else. */
    public sealed interface Result<T extends Item, F extends Item> extends Item {

        record Ok<T extends Item, F extends Item>(T resok) implements Result<T, F> {
            @Override
            public void write(XdrWriter writer) {
                writer.writeInt(NfsStat3.NFS3_OK.value());
                resok.write(writer);
            }
        }

        record Fail<T extends Item, F extends Item>(NfsStat3 status, F resfail) implements Result<T, F> {
            @Override
            public void write(XdrWriter writer) {
                writer.writeInt(status.value());
                resfail.write(writer);
            }
        }

        static <T extends Item, F extends Item> Result<T, F> read(
                XdrReader reader, XdrDecoder<T> resok, XdrDecoder<F> resfail) throws XdrException {
            NfsStat3 status = NfsStat3.read(reader);
            return status == NfsStat3.NFS3_OK ? new Ok<>(resok.read(reader)) : new Fail<>(status, resfail.read(reader));
        }
    }

    /** The void arm of a result. */
    public record Nothing() implements Item {
        public static Nothing read(XdrReader reader) {
            return new Nothing();
        }

        @Override
        public void write(XdrWriter writer) {}
    }

    /** nfs_fh3. */
    public record NfsFh3(byte[] data) implements Item {
        public static NfsFh3 read(XdrReader reader) throws XdrException {
            return new NfsFh3(reader.readOpaque(FHSIZE));
        }

        @Override
        public void write(XdrWriter writer) {
            writer.writeOpaque(data);
        }
    }

    /** nfstime3: unsigned seconds since 1970 and nanoseconds. */
    public record NfsTime3(int seconds, int nseconds) implements Item {
        public static NfsTime3 read(XdrReader reader) throws XdrException {
            return new NfsTime3(reader.readInt(), reader.readInt());
        }

        @Override
        public void write(XdrWriter writer) {
            writer.writeInt(seconds).writeInt(nseconds);
        }
    }

    /** specdata3: a device's major and minor number. */
    public record SpecData3(int specdata1, int specdata2) implements Item {
        public static SpecData3 read(XdrReader reader) throws XdrException {
            return new SpecData3(reader.readInt(), reader.readInt());
        }

        @Override
        public void write(XdrWriter writer) {
            writer.writeInt(specdata1).writeInt(specdata2);
        }
    }

    /** fattr3: {@value #BYTES} bytes on the wire. */
    public record FAttr3(
            FType3 type,
            int mode,
            int nlink,
            int uid,
            int gid,
            long size,
            long used,
            SpecData3 rdev,
            long fsid,
            long fileid,
            NfsTime3 atime,
            NfsTime3 mtime,
            NfsTime3 ctime)
            implements Item {
        public static final int BYTES = 84;

        public static FAttr3 read(XdrReader r) throws XdrException {
            return new FAttr3(
                    FType3.read(r),
                    r.readInt(),
                    r.readInt(),
                    r.readInt(),
                    r.readInt(),
                    r.readLong(),
                    r.readLong(),
                    SpecData3.read(r),
                    r.readLong(),
                    r.readLong(),
                    NfsTime3.read(r),
                    NfsTime3.read(r),
                    NfsTime3.read(r));
        }

        @Override
        public void write(XdrWriter w) {
            type.write(w);
            w.writeInt(mode).writeInt(nlink).writeInt(uid).writeInt(gid);
            w.writeLong(size).writeLong(used);
            rdev.write(w);
            w.writeLong(fsid).writeLong(fileid);
            atime.write(w);
            mtime.write(w);
            ctime.write(w);
        }
    }

    /** post_op_attr; null attributes: absent. */
    public record PostOpAttr(FAttr3 attributes) implements Item {
        public static final PostOpAttr ABSENT = new PostOpAttr(null);

        public static PostOpAttr read(XdrReader reader) throws XdrException {
            return reader.readBool() ? new PostOpAttr(FAttr3.read(reader)) : ABSENT;
        }

        @Override
        public void write(XdrWriter writer) {
            writeOptional(attributes, writer);
        }
    }

    /** post_op_fh3; null handle: absent. */
    public record PostOpFh3(NfsFh3 handle) implements Item {
        public static final PostOpFh3 ABSENT = new PostOpFh3(null);

        public static PostOpFh3 read(XdrReader reader) throws XdrException {
            return reader.readBool() ? new PostOpFh3(NfsFh3.read(reader)) : ABSENT;
        }

        @Override
        public void write(XdrWriter writer) {
            writeOptional(handle, writer);
        }
    }

    /** wcc_attr. */
    public record WccAttr(long size, NfsTime3 mtime, NfsTime3 ctime) implements Item {
        public static WccAttr read(XdrReader reader) throws XdrException {
            return new WccAttr(reader.readLong(), NfsTime3.read(reader), NfsTime3.read(reader));
        }

        @Override
        public void write(XdrWriter writer) {
            writer.writeLong(size);
            mtime.write(writer);
            ctime.write(writer);
        }
    }

    /** wcc_data: weak cache consistency; either may be null. */
    public record WccData(WccAttr before, FAttr3 after) implements Item {
        public static final WccData ABSENT = new WccData(null, null);

        public static WccData read(XdrReader reader) throws XdrException {
            WccAttr before = reader.readBool() ? WccAttr.read(reader) : null;
            FAttr3 after = reader.readBool() ? FAttr3.read(reader) : null;
            return new WccData(before, after);
        }

        @Override
        public void write(XdrWriter writer) {
            writeOptional(before, writer);
            writeOptional(after, writer);
        }
    }

    static void writeOptional(Item item, XdrWriter writer) {
        writer.writeBool(item != null);
        if (item != null) {
            item.write(writer);
        }
    }
}
