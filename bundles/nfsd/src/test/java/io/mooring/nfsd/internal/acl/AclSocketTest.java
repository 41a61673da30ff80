package io.mooring.nfsd.internal.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mooring.nfsd.internal.Nfsd;
import io.mooring.nfsd.internal.NfsdOptions;
import io.mooring.nfsd.internal.acl.NfsAcl3.AclEnt;
import io.mooring.nfsd.internal.acl.NfsAcl3.GetAcl3Args;
import io.mooring.nfsd.internal.acl.NfsAcl3.GetAcl3ResOk;
import io.mooring.nfsd.internal.acl.NfsAcl3.SecAttr;
import io.mooring.nfsd.internal.acl.NfsAcl3.SetAcl3Args;
import io.mooring.nfsd.internal.exports.OwnFiles;
import io.mooring.nfsd.internal.testing.Defaults;
import io.mooring.nfsd.internal.wire.Mount3;
import io.mooring.nfsd.internal.wire.Mount3.DirPath;
import io.mooring.nfsd.internal.wire.Mount3.MountRes3;
import io.mooring.nfsd.internal.wire.Nfs3.Item;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpAttr;
import io.mooring.nfsd.internal.wire.Nfs3.Result;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.RpcServerOptions.Limits;
import io.mooring.sunrpc.RpcTransports;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.vfs.local.LocalFileSystemProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NFS_ACL on the NFS port, over a real socket and a real directory. */
class AclSocketTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int RQUOTA = 100011;

    @TempDir
    Path directory;

    private final RpcTransports rpc = RpcTransports.open();
    private final LocalFileSystemProvider files =
            new LocalFileSystemProvider(Defaults.of(LocalFileSystemProvider.Configuration.class, Map.of()));
    private Path exported;
    private Nfsd nfsd;
    private RpcClient client;

    @BeforeEach
    void serve() throws Exception {
        exported = Files.createDirectory(directory.resolve("srv"));
        Files.writeString(directory.resolve("exports"), exported + " 127.0.0.0/8(rw,insecure,no_root_squash)\n");
        NfsdOptions.Files where = new NfsdOptions.Files(
                directory.resolve("exports"),
                directory.resolve("exports.d"),
                directory.resolve("key"),
                directory.resolve("netgroup"),
                OwnFiles.NONE);
        nfsd = Nfsd.open(
                new NfsdOptions(0, List.of(), true, where, Duration.ofSeconds(1), 1 << 20, false, Limits.defaults()),
                rpc,
                files);
        RpcClientOptions plain = RpcClientOptions.of(Netid.TCP, new InetSocketAddress(LOOPBACK, nfsd.port()));
        client = rpc.openClient(new RpcClientOptions(
                plain.remote(),
                null,
                Netid.TCP,
                new RpcCredential.AuthSys(0, "test", 0, 0, new int[0]),
                plain.timeout(),
                plain.retransmission()));
    }

    @AfterEach
    void stop() {
        client.close();
        nfsd.close();
        rpc.close();
    }

    private <R> R call(int program, int procedure, Item arguments, XdrDecoder<R> result) throws Exception {
        return client.call(program, 3, procedure, (item, writer) -> item.write(writer), arguments, result)
                .get(20, TimeUnit.SECONDS);
    }

    private NfsFh3 root() throws Exception {
        DirPath path = new DirPath(exported.toString().getBytes(StandardCharsets.UTF_8));
        return ((MountRes3.Ok) call(Mount3.PROGRAM, 1, path, MountRes3::read)).fhandle();
    }

    private <T extends Item> Result<T, PostOpAttr> acl(int procedure, Item arguments, XdrDecoder<T> resok)
            throws Exception {
        return call(NfsAcl3.PROGRAM, procedure, arguments, r -> Result.read(r, resok, PostOpAttr::read));
    }

    @Test
    void bothListsAreSetAndFoundAgain() throws Exception {
        NfsFh3 root = root();
        List<AclEnt> access = List.of(
                new AclEnt(0x01, 0, 7),
                new AclEnt(0x02, 4001, 6),
                new AclEnt(0x04, 0, 5),
                new AclEnt(0x10, 0, 7),
                new AclEnt(0x20, 0, 1));
        List<AclEnt> defaults = List.of(
                new AclEnt(0x1001, 0, 7), new AclEnt(0x1004, 0, 5), new AclEnt(0x1010, 0, 5), new AclEnt(0x1020, 0, 0));
        SecAttr both = new SecAttr(5, 5, access, 4, defaults);
        Result<PostOpAttr, PostOpAttr> set = acl(2, new SetAcl3Args(root, both), PostOpAttr::read);
        assumeTrue(
                !(set instanceof Result.Fail<?, ?> fail && fail.status() == NfsStat3.NFS3ERR_NOTSUPP),
                "no ACLs on this file system");
        assertThat(((Result.Ok<PostOpAttr, ?>) set).resok().attributes().mode()).isEqualTo(0771);
        GetAcl3ResOk got = ((Result.Ok<GetAcl3ResOk, ?>) acl(1, new GetAcl3Args(root, 15), GetAcl3ResOk::read)).resok();
        int uid = got.attr().attributes().uid();
        int gid = got.attr().attributes().gid();
        assertThat(got.acl().aclent()).containsExactlyElementsOf(owned(access, uid, gid));
        assertThat(got.acl().dfaclent()).containsExactlyElementsOf(owned(defaults, uid, gid));
        assertThat(got.acl().aclcnt()).isEqualTo(5);
        assertThat(got.acl().dfaclcnt()).isEqualTo(4);
    }

    private static List<AclEnt> owned(List<AclEnt> entries, int uid, int gid) {
        return entries.stream()
                .map(entry -> switch (entry.type() & 0xfff) {
                    case 0x01 -> new AclEnt(entry.type(), uid, entry.perm());
                    case 0x04 -> new AclEnt(entry.type(), gid, entry.perm());
                    default -> entry;
                })
                .toList();
    }

    @Test
    void malformedArgumentsAreGarbage() throws Exception {
        NfsFh3 root = root();
        SecAttr unknownType = new SecAttr(1, 1, List.of(new AclEnt(0x40, 0, 0)), 0, List.of());
        assertThatThrownBy(() -> acl(2, new SetAcl3Args(root, unknownType), PostOpAttr::read))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        RpcException.class, e -> assertThat(e.answer()).isEqualTo(RpcException.Answer.GARBAGE_ARGS));
    }

    /** Clients take that as "no quotas here". */
    @Test
    void rquotaIsUnavailable() {
        assertThatThrownBy(() -> call(RQUOTA, 0, w -> {}, r -> null))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        RpcException.class, e -> assertThat(e.answer()).isEqualTo(RpcException.Answer.PROG_UNAVAIL));
    }
}
