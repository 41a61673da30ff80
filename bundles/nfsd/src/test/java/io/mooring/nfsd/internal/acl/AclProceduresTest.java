package io.mooring.nfsd.internal.acl;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.nfsd.internal.acl.NfsAcl3.AclEnt;
import io.mooring.nfsd.internal.acl.NfsAcl3.GetAcl3Args;
import io.mooring.nfsd.internal.acl.NfsAcl3.GetAcl3ResOk;
import io.mooring.nfsd.internal.acl.NfsAcl3.SecAttr;
import io.mooring.nfsd.internal.acl.NfsAcl3.SetAcl3Args;
import io.mooring.nfsd.internal.exports.AccessControl;
import io.mooring.nfsd.internal.exports.RareLog;
import io.mooring.nfsd.internal.nfs3.Resolver;
import io.mooring.nfsd.internal.testing.FakeCall;
import io.mooring.nfsd.internal.testing.NfsKit;
import io.mooring.nfsd.internal.testing.ProcedureKit;
import io.mooring.nfsd.internal.wire.Nfs3.Item;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpAttr;
import io.mooring.nfsd.internal.wire.Nfs3.Result;
import io.mooring.sunrpc.Procedure.Replay;
import io.mooring.sunrpc.RpcProgram;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** NFS_ACL on a file system that keeps none, and where an export hides them. */
class AclProceduresTest {
    private static final int ALL = 0xf;

    private final NfsKit kit = new NfsKit("/a *(rw)\n/hidden *(rw,no_acl)\n/ro *(ro)");
    private final RareLog log = new RareLog(LoggerFactory.getLogger("nfsd"), System::nanoTime);
    private final RpcProgram program =
            AclProgram.of(new Resolver(kit.scopes, new AccessControl(log), () -> 1 << 20, log));

    private GetAcl3ResOk get(int mask) {
        Result<GetAcl3ResOk, PostOpAttr> result = getAcl(kit.root("/a"), mask);
        assertThat((Object) result).isInstanceOf(Result.Ok.class);
        return ((Result.Ok<GetAcl3ResOk, PostOpAttr>) result).resok();
    }

    private Result<GetAcl3ResOk, PostOpAttr> getAcl(NfsFh3 handle, int mask) {
        return call("GETACL", new GetAcl3Args(handle, mask), GetAcl3ResOk::read);
    }

    private <T extends Item> Result<T, PostOpAttr> call(
            String procedure, Item arguments, io.mooring.sunrpc.XdrDecoder<T> resok) {
        return ProcedureKit.call(
                program, procedure, FakeCall.ordinary(), arguments, r -> Result.read(r, resok, PostOpAttr::read));
    }

    private static void assertFails(Result<?, PostOpAttr> result, NfsStat3 status, boolean withAttributes) {
        assertThat((Object) result).isInstanceOf(Result.Fail.class);
        Result.Fail<?, PostOpAttr> fail = (Result.Fail<?, PostOpAttr>) result;
        assertThat(fail.status()).isEqualTo(status);
        assertThat(fail.resfail().attributes() != null).isEqualTo(withAttributes);
    }

    @Test
    void theModeIsToldAsAList() {
        GetAcl3ResOk result = get(ALL);
        assertThat(result.attr().attributes().mode()).isEqualTo(0755);
        assertThat(result.acl())
                .isEqualTo(new SecAttr(
                        ALL,
                        4,
                        List.of(
                                new AclEnt(0x01, 10, 7),
                                new AclEnt(0x04, 20, 5),
                                new AclEnt(0x10, 0, 5),
                                new AclEnt(0x20, 0, 5)),
                        0,
                        List.of()));
    }

    @Test
    void onlyWhatWasAskedForIsTold() {
        assertThat(get(NfsAcl3.NA_ACLCNT).acl()).isEqualTo(new SecAttr(2, 4, List.of(), 0, List.of()));
        assertThat(get(NfsAcl3.NA_DFACL).acl()).isEqualTo(new SecAttr(4, 0, List.of(), 0, List.of()));
        assertThat(get(0).acl()).isEqualTo(new SecAttr(0, 0, List.of(), 0, List.of()));
        assertFails(getAcl(kit.root("/a"), 0x10), NfsStat3.NFS3ERR_INVAL, true);
    }

    @Test
    void nothingCanBeSetWhereNothingIsKept() {
        assertFails(set(kit.root("/a"), 1, 0), NfsStat3.NFS3ERR_NOTSUPP, true);
    }

    @Test
    void hiddenListsAreNotSupported() {
        assertFails(getAcl(kit.root("/hidden"), ALL), NfsStat3.NFS3ERR_NOTSUPP, true);
        assertFails(set(kit.root("/hidden"), 1, 0), NfsStat3.NFS3ERR_NOTSUPP, true);
    }

    @Test
    void readOnlyExportsAndBadArguments() {
        assertFails(set(kit.root("/ro"), 1, 0), NfsStat3.NFS3ERR_ROFS, true);
        assertFails(set(kit.root("/a"), 0x10, 0), NfsStat3.NFS3ERR_INVAL, true);
        assertFails(set(kit.root("/a"), 1, 7), NfsStat3.NFS3ERR_INVAL, true);
        assertFails(set(new NfsFh3(new byte[20]), 1, 0), NfsStat3.NFS3ERR_BADHANDLE, false);
    }

    private Result<PostOpAttr, PostOpAttr> set(NfsFh3 handle, int mask, int count) {
        SecAttr acl = new SecAttr(mask, count, List.of(), 0, List.of());
        return call("SETACL", new SetAcl3Args(handle, acl), PostOpAttr::read);
    }

    @Test
    void aRetransmittedSetAclGetsTheFirstAnswer() {
        assertThat(ProcedureKit.row(program, "SETACL").replay()).isEqualTo(Replay.KEPT);
        assertThat(ProcedureKit.row(program, "GETACL").replay()).isEqualTo(Replay.IDEMPOTENT);
    }
}
