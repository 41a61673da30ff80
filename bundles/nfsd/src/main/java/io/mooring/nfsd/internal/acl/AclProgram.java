package io.mooring.nfsd.internal.acl;

import io.mooring.nfsd.internal.acl.NfsAcl3.AclEnt;
import io.mooring.nfsd.internal.acl.NfsAcl3.GetAcl3Args;
import io.mooring.nfsd.internal.acl.NfsAcl3.GetAcl3ResOk;
import io.mooring.nfsd.internal.acl.NfsAcl3.SecAttr;
import io.mooring.nfsd.internal.acl.NfsAcl3.SetAcl3Args;
import io.mooring.nfsd.internal.nfs3.NfsException;
import io.mooring.nfsd.internal.nfs3.NfsProgram;
import io.mooring.nfsd.internal.nfs3.Request;
import io.mooring.nfsd.internal.nfs3.Resolver;
import io.mooring.nfsd.internal.nfs3.Target;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpAttr;
import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.vfs.Attributes;
import io.mooring.vfs.Change;
import io.mooring.vfs.PosixAcl;
import io.mooring.vfs.PosixAcls;
import io.mooring.vfs.PosixAcls.Acls;
import io.mooring.vfs.PosixAcls.Setting;
import io.mooring.vfs.VfsException;
import java.util.List;

/** NFS_ACL version 3 as a table, and its procedures: POSIX ACLs for clients of NFS version 3. Stateless. */
public final class AclProgram {

    private AclProgram() {}

    /** Served beside NFS on the same port, where clients look for it. */
    public static RpcProgram of(Resolver resolver) {
        NfsProgram rows = new NfsProgram(resolver);
        return new RpcProgram(
                NfsAcl3.PROGRAM,
                NfsAcl3.VERSION,
                "nfs_acl",
                List.of(
                        Procedure.nullProcedure(),
                        rows.looks(1, "GETACL", GetAcl3Args::read, AclProgram::getAcl, (q, a) -> q.postOp(a.fh())),
                        rows.changes(2, "SETACL", SetAcl3Args::read, AclProgram::setAcl, (q, a) -> q.postOp(a.fh()))));
    }

    private static GetAcl3ResOk getAcl(Request request, GetAcl3Args args) throws NfsException, VfsException {
        Target target = request.target(args.fh());
        requireAcls(target);
        int mask = requireKnown(args.mask());
        Acls acls = target.fileSystem() instanceof PosixAcls known
                ? known.acls(target.id())
                : new Acls(null, null, target.fileSystem().attributes(target.id()));
        Attributes attributes = acls.attributes();
        PosixAcl access = acls.access() == null ? AclEntries.minimal(attributes.mode()) : acls.access();
        List<AclEnt> entries = AclEntries.toWire(access, attributes, 0);
        List<AclEnt> defaults = AclEntries.toWire(acls.defaults(), attributes, NfsAcl3.NFS_ACL_DEFAULT);
        SecAttr result = new SecAttr(
                mask,
                has(mask, NfsAcl3.NA_ACL | NfsAcl3.NA_ACLCNT) ? entries.size() : 0,
                has(mask, NfsAcl3.NA_ACL) ? entries : List.of(),
                has(mask, NfsAcl3.NA_DFACL | NfsAcl3.NA_DFACLCNT) ? defaults.size() : 0,
                has(mask, NfsAcl3.NA_DFACL) ? defaults : List.of());
        return new GetAcl3ResOk(target.postOp(attributes), result);
    }

    private static PostOpAttr setAcl(Request request, SetAcl3Args args) throws NfsException, VfsException {
        Target target = request.writable(args.fh());
        requireAcls(target);
        SecAttr wanted = args.acl();
        int mask = requireKnown(wanted.mask());
        Setting access =
                has(mask, NfsAcl3.NA_ACL) ? new Setting(AclEntries.fromWire(wanted.aclcnt(), wanted.aclent())) : null;
        Setting defaults = has(mask, NfsAcl3.NA_DFACL)
                ? new Setting(AclEntries.fromWire(wanted.dfaclcnt(), wanted.dfaclent()))
                : null;
        if (!(target.fileSystem() instanceof PosixAcls known)) {
            throw new NfsException(NfsStat3.NFS3ERR_NOTSUPP);
        }
        Change change = known.setAcls(target.caller(), target.id(), access, defaults);
        return target.postOp(change.after());
    }

    /** With no_acl an export looks as if it had none, and clients turn their side off. */
    private static void requireAcls(Target target) throws NfsException {
        if (!target.options().acl()) {
            throw new NfsException(NfsStat3.NFS3ERR_NOTSUPP);
        }
    }

    private static int requireKnown(int mask) throws NfsException {
        if ((mask & ~NfsAcl3.NA_ALL) != 0) {
            throw new NfsException(NfsStat3.NFS3ERR_INVAL);
        }
        return mask;
    }

    private static boolean has(int mask, int bits) {
        return (mask & bits) != 0;
    }
}
