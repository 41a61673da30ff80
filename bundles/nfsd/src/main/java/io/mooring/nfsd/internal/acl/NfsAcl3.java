package io.mooring.nfsd.internal.acl;

import io.mooring.nfsd.internal.wire.Nfs3.Item;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpAttr;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import io.mooring.vfs.PosixAcl;
import io.mooring.vfs.PosixAcls;
import java.util.ArrayList;
import java.util.List;

/**
 * The types of NFS_ACL version 3. There is no RFC: Solaris' nfs_acl.x, as Solaris and Linux speak it. Immutable.
 */
public final class NfsAcl3 {
    public static final int PROGRAM = 100227;
    public static final int VERSION = 3;

    /** Bits of {@link SecAttr#mask}: the access ACL, its count, the default ACL, its count. */
    public static final int NA_ACL = 0x1;

    public static final int NA_ACLCNT = 0x2;
    public static final int NA_DFACL = 0x4;
    public static final int NA_DFACLCNT = 0x8;
    static final int NA_ALL = NA_ACL | NA_ACLCNT | NA_DFACL | NA_DFACLCNT;

    /** In {@link AclEnt#type}: an entry of a default ACL. */
    public static final int NFS_ACL_DEFAULT = 0x1000;

    static final int NFS_ACL_MAX_ENTRIES = PosixAcls.MAX_ENTRIES;

    private NfsAcl3() {}

    /** aclent: what one user, group or class may do. */
    public record AclEnt(int type, int id, int perm) implements Item {
        public static AclEnt read(XdrReader reader) throws XdrException {
            AclEnt entry = new AclEnt(reader.readInt(), reader.readInt(), reader.readInt());
            if (entry.tag() == null) {
                throw new XdrException("aclent type " + entry.type());
            }
            return entry;
        }

        @Override
        public void write(XdrWriter writer) {
            writer.writeInt(type).writeInt(id).writeInt(perm);
        }

        PosixAcl.Tag tag() {
            return PosixAcl.Tag.of(type & ~NFS_ACL_DEFAULT);
        }
    }

    /** secattr: both lists; the counts are right also where a list itself was not asked for. */
    public record SecAttr(int mask, int aclcnt, List<AclEnt> aclent, int dfaclcnt, List<AclEnt> dfaclent)
            implements Item {

        public SecAttr {
            aclent = List.copyOf(aclent);
            dfaclent = List.copyOf(dfaclent);
        }

        public static SecAttr read(XdrReader r) throws XdrException {
            return new SecAttr(r.readInt(), r.readInt(), entries(r), r.readInt(), entries(r));
        }

        @Override
        public void write(XdrWriter writer) {
            writer.writeInt(mask);
            write(aclcnt, aclent, writer);
            write(dfaclcnt, dfaclent, writer);
        }

        private static void write(int count, List<AclEnt> entries, XdrWriter writer) {
            writer.writeInt(count).writeInt(entries.size());
            entries.forEach(entry -> entry.write(writer));
        }

        private static List<AclEnt> entries(XdrReader reader) throws XdrException {
            int length = reader.readLength(NFS_ACL_MAX_ENTRIES);
            List<AclEnt> entries = new ArrayList<>(length);
            for (int i = 0; i < length; i++) {
                entries.add(AclEnt.read(reader));
            }
            return entries;
        }
    }

    /** GETACL3args. */
    public record GetAcl3Args(NfsFh3 fh, int mask) implements Item {
        public static GetAcl3Args read(XdrReader reader) throws XdrException {
            return new GetAcl3Args(NfsFh3.read(reader), reader.readInt());
        }

        @Override
        public void write(XdrWriter writer) {
            fh.write(writer);
            writer.writeInt(mask);
        }
    }

    /** GETACL3resok. */
    public record GetAcl3ResOk(PostOpAttr attr, SecAttr acl) implements Item {
        public static GetAcl3ResOk read(XdrReader reader) throws XdrException {
            return new GetAcl3ResOk(PostOpAttr.read(reader), SecAttr.read(reader));
        }

        @Override
        public void write(XdrWriter writer) {
            attr.write(writer);
            acl.write(writer);
        }
    }

    /** SETACL3args; its result is a {@link PostOpAttr}. */
    public record SetAcl3Args(NfsFh3 fh, SecAttr acl) implements Item {
        public static SetAcl3Args read(XdrReader reader) throws XdrException {
            return new SetAcl3Args(NfsFh3.read(reader), SecAttr.read(reader));
        }

        @Override
        public void write(XdrWriter writer) {
            fh.write(writer);
            acl.write(writer);
        }
    }
}
