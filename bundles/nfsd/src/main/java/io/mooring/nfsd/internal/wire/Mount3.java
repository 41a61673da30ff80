package io.mooring.nfsd.internal.wire;

import io.mooring.nfsd.internal.wire.Nfs3.Item;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The types of MOUNT version 3 (RFC 1813 §5) and, where they differ, version 1 (RFC 1094 appendix A). Paths are opaque
 * bytes. Immutable.
 */
public final class Mount3 {
    public static final int PROGRAM = 100005;
    public static final int VERSION = 3;
    public static final int VERSION1 = 1;

    public static final int MNTPATHLEN = 1024;
    public static final int MNTNAMLEN = 255;

    /** FHSIZE of MOUNT version 1: its handles have exactly so many bytes. */
    public static final int FHSIZE1 = 32;

    /** The RPC authentication flavor AUTH_SYS. */
    public static final int AUTH_SYS = 1;

    private static final int MAX_FLAVORS = 64;

    private Mount3() {}

    /** mountstat3; version 1 has no such type but uses the same numbers. */
    public enum MountStat3 {
        MNT3_OK(0),
        MNT3ERR_PERM(1),
        MNT3ERR_NOENT(2),
        MNT3ERR_IO(5),
        MNT3ERR_ACCES(13),
        MNT3ERR_NOTDIR(20),
        MNT3ERR_INVAL(22),
        MNT3ERR_NAMETOOLONG(63),
        MNT3ERR_NOTSUPP(10004),
        MNT3ERR_SERVERFAULT(10006);

        private final int value;

        MountStat3(int value) {
            this.value = value;
        }

        public int value() {
            return value;
        }

        public static MountStat3 read(XdrReader reader) throws XdrException {
            int value = reader.readInt();
            for (MountStat3 status : values()) {
                if (status.value == value) {
                    return status;
                }
            }
            throw new XdrException("mountstat3 " + value);
        }
    }

    /** dirpath. */
    public record DirPath(byte[] path) implements Item {
        public static DirPath read(XdrReader reader) throws XdrException {
            return new DirPath(reader.readOpaque(MNTPATHLEN));
        }

        @Override
        public void write(XdrWriter writer) {
            writer.writeOpaque(path);
        }
    }

    /** mountres3. */
    public sealed interface MountRes3 extends Item {

        record Ok(NfsFh3 fhandle, List<Integer> authFlavors) implements MountRes3 {}

        record Fail(MountStat3 status) implements MountRes3 {}

        static MountRes3 read(XdrReader reader) throws XdrException {
            MountStat3 status = MountStat3.read(reader);
            if (status != MountStat3.MNT3_OK) {
                return new Fail(status);
            }
            NfsFh3 handle = NfsFh3.read(reader);
            Integer[] flavors = new Integer[reader.readLength(MAX_FLAVORS)];
            for (int i = 0; i < flavors.length; i++) {
                flavors[i] = reader.readInt();
            }
            return new Ok(handle, List.of(flavors));
        }

        @Override
        default void write(XdrWriter writer) {
            if (this instanceof Ok ok) {
                writer.writeInt(MountStat3.MNT3_OK.value());
                ok.fhandle().write(writer);
                writer.writeInt(ok.authFlavors().size());
                ok.authFlavors().forEach(writer::writeInt);
            } else if (this instanceof Fail fail) {
                writer.writeInt(fail.status().value());
            }
        }
    }

    /** fhstatus of version 1; a null handle goes with an error. */
    public record FhStatus(MountStat3 status, byte[] directory) implements Item {
        public static FhStatus read(XdrReader reader) throws XdrException {
            MountStat3 status = MountStat3.read(reader);
            return new FhStatus(status, status == MountStat3.MNT3_OK ? reader.readFixedOpaque(FHSIZE1) : null);
        }

        @Override
        public void write(XdrWriter writer) {
            writer.writeInt(status.value());
            if (status == MountStat3.MNT3_OK) {
                writer.writeFixedOpaque(directory);
            }
        }
    }

    /** mountbody, without the link to the next. */
    public record MountBody(String hostname, byte[] directory) implements Item {
        public static MountBody read(XdrReader reader) throws XdrException {
            return new MountBody(reader.readString(MNTNAMLEN), reader.readOpaque(MNTPATHLEN));
        }

        /** Bytes on the wire, with the boolean in front of it. */
        public int bytes() {
            return 12 + padded(hostname) + ((directory.length + 3) & ~3);
        }

        @Override
        public void write(XdrWriter writer) {
            writer.writeString(hostname).writeOpaque(directory);
        }
    }

    /** exportnode, without the link to the next. */
    public record ExportNode(byte[] dir, List<String> groups) implements Item {
        public static ExportNode read(XdrReader reader) throws XdrException {
            return new ExportNode(
                    reader.readOpaque(MNTPATHLEN), Nfs3Results.readList(reader, r -> r.readString(MNTNAMLEN)));
        }

        /** Bytes on the wire, with the boolean in front of it. */
        public int bytes() {
            int names = groups.stream().mapToInt(g -> 8 + padded(g)).sum();
            return 12 + ((dir.length + 3) & ~3) + names;
        }

        @Override
        public void write(XdrWriter writer) {
            writer.writeOpaque(dir);
            groups.forEach(group -> writer.writeBool(true).writeString(group));
            writer.writeBool(false);
        }
    }

    /** mountlist: what DUMP answers. */
    public record MountList(List<MountBody> mounts) implements Item {
        public static MountList read(XdrReader reader) throws XdrException {
            return new MountList(Nfs3Results.readList(reader, MountBody::read));
        }

        @Override
        public void write(XdrWriter writer) {
            Nfs3Results.writeList(mounts, writer);
        }
    }

    /** exports: what EXPORT answers. */
    public record ExportList(List<ExportNode> exports) implements Item {
        public static ExportList read(XdrReader reader) throws XdrException {
            return new ExportList(Nfs3Results.readList(reader, ExportNode::read));
        }

        @Override
        public void write(XdrWriter writer) {
            Nfs3Results.writeList(exports, writer);
        }
    }

    private static int padded(String text) {
        return (text.getBytes(StandardCharsets.UTF_8).length + 3) & ~3;
    }
}
