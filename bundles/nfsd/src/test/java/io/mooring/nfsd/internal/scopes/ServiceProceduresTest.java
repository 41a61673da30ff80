package io.mooring.nfsd.internal.scopes;

import static io.mooring.nfsd.internal.testing.NfsKit.at;
import static io.mooring.nfsd.internal.testing.NfsKit.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.nfsd.internal.acl.AclProgram;
import io.mooring.nfsd.internal.acl.NfsAcl3.GetAcl3Args;
import io.mooring.nfsd.internal.acl.NfsAcl3.GetAcl3ResOk;
import io.mooring.nfsd.internal.exports.AccessControl;
import io.mooring.nfsd.internal.exports.RareLog;
import io.mooring.nfsd.internal.nfs3.Resolver;
import io.mooring.nfsd.internal.testing.FakeCall;
import io.mooring.nfsd.internal.testing.NfsKit;
import io.mooring.nfsd.internal.testing.ProcedureKit;
import io.mooring.nfsd.internal.wire.Mount3.DirPath;
import io.mooring.nfsd.internal.wire.Mount3.ExportList;
import io.mooring.nfsd.internal.wire.Mount3.MountRes3;
import io.mooring.nfsd.internal.wire.Mount3.MountStat3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.Nothing;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpAttr;
import io.mooring.nfsd.internal.wire.Nfs3.Result;
import io.mooring.nfsd.internal.wire.Nfs3.WccData;
import io.mooring.nfsd.internal.wire.Nfs3Args.Create3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.CreateHow3;
import io.mooring.nfsd.internal.wire.Nfs3Args.MkDir3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.SAttr3;
import io.mooring.nfsd.internal.wire.Nfs3Results.Create3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.GetAttr3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Lookup3ResOk;
import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.RpcException;
import io.mooring.vfs.FileId;
import io.mooring.vfs.service.ServiceParticipant.Mooring;
import io.mooring.vfs.service.ServiceState;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** What clients see through the addresses of services, and through the others. */
class ServiceProceduresTest {
    private static final InetAddress PLAIN = NfsKit.address("10.0.0.9");
    private static final InetAddress DATA = NfsKit.address("10.0.0.50");
    private static final InetAddress HOME = NfsKit.address("2001:db8::51");

    @TempDir
    Path states;

    private final NfsKit kit = new NfsKit("/plain *(rw)");
    private Mooring data;
    private NfsFh3 plainRoot;

    @BeforeEach
    void moorOne() throws IOException {
        data = moor("data", DATA, "/data *(rw)");
        plainRoot = kit.root("/plain");
    }

    private Mooring moor(String name, InetAddress address, String exports) throws IOException {
        return kit.moor(name, address, Files.createDirectories(states.resolve(name)), exports);
    }

    private void take(Mooring service) throws IOException {
        take(service, "data");
    }

    private void take(Mooring service, String state) throws IOException {
        service.take(new ServiceState(states.resolve(state), null, true));
    }

    private NfsKit by(InetAddress address) {
        kit.call = FakeCall.ordinary().to(address);
        return kit;
    }

    private MountRes3 mount(InetAddress by, String path) {
        return ProcedureKit.call(kit.mount(3), "MNT", by(by).call, new DirPath(bytes(path)), MountRes3::read);
    }

    private NfsFh3 mounted(InetAddress by, String path) {
        MountRes3 result = mount(by, path);
        assertThat(result).isInstanceOf(MountRes3.Ok.class);
        return ((MountRes3.Ok) result).fhandle();
    }

    private List<String> exported(InetAddress by) {
        ExportList list = ProcedureKit.call(kit.mount(3), "EXPORT", by(by).call, null, ExportList::read);
        return list.exports().stream()
                .map(node -> new String(node.dir(), StandardCharsets.UTF_8))
                .toList();
    }

    private void getAttr(InetAddress by, NfsFh3 handle) {
        by(by).ok("GETATTR", handle, GetAttr3ResOk::read);
    }

    private void getAttrFails(InetAddress by, NfsFh3 handle, NfsStat3 status) {
        by(by).fails("GETATTR", handle, status, Nothing::read);
    }

    @Test
    void aServiceIsSeenThroughItsAddressOnly() throws IOException {
        take(data);
        assertThat(exported(DATA)).containsExactly("/data");
        assertThat(exported(PLAIN)).containsExactly("/plain");
        getAttr(DATA, mounted(DATA, "/data"));
        getAttr(PLAIN, mounted(PLAIN, "/plain"));
        assertThat(mount(PLAIN, "/data")).isEqualTo(new MountRes3.Fail(MountStat3.MNT3ERR_ACCES));
        assertThat(mount(DATA, "/plain")).isEqualTo(new MountRes3.Fail(MountStat3.MNT3ERR_ACCES));
    }

    @Test
    void whatIsMadeInAServiceHasItsHandles() throws IOException {
        take(data);
        NfsFh3 root = mounted(DATA, "/data");
        Create3Args create = new Create3Args(at(root, "f"), new CreateHow3.Guarded(SAttr3.NONE));
        NfsFh3 file = by(DATA).ok("CREATE", create, Create3ResOk::read).obj().handle();
        getAttr(DATA, file);
        assertThat(by(DATA).ok("LOOKUP", at(root, "f"), Lookup3ResOk::read)
                        .object()
                        .data())
                .isEqualTo(file.data());
        getAttrFails(PLAIN, file, NfsStat3.NFS3ERR_ACCES);
    }

    @Test
    void whatIsMountedBelowAnExportBelongsToTheService() throws IOException {
        Mooring home = moor("home", HOME, "/home *(rw,crossmnt)");
        take(home, "home");
        kit.mount(50, "/home", "m");
        NfsFh3 below = by(HOME).ok("LOOKUP", at(mounted(HOME, "/home"), "m"), Lookup3ResOk::read)
                .object();
        getAttr(HOME, below);
        assertThat(mounted(HOME, "/home/m").data()).isEqualTo(below.data());
        getAttrFails(PLAIN, below, NfsStat3.NFS3ERR_ACCES);
        assertThat(kit.fileSystem("/home/m").closed).isFalse();
        kit.later = Duration.ofMinutes(2);
        kit.services.tidy();
        assertThat(kit.fileSystem("/home/m").closed).isTrue();
        assertThat(kit.fileSystem("/home").closed).isFalse();
    }

    @Test
    void aHandleThroughAnotherAddressIsDenied() throws IOException {
        Mooring home = moor("home", HOME, "/home *(rw)");
        take(data);
        take(home, "home");
        NfsFh3 dataRoot = mounted(DATA, "/data");
        getAttrFails(PLAIN, dataRoot, NfsStat3.NFS3ERR_ACCES);
        getAttrFails(HOME, dataRoot, NfsStat3.NFS3ERR_ACCES);
        getAttrFails(DATA, mounted(HOME, "/home"), NfsStat3.NFS3ERR_ACCES);
        getAttrFails(DATA, plainRoot, NfsStat3.NFS3ERR_ACCES);
        data.release();
        getAttrFails(PLAIN, dataRoot, NfsStat3.NFS3ERR_ACCES);
    }

    @Test
    void oneLineTellsOfAHandleThroughAnotherAddress() throws IOException {
        take(data);
        NfsFh3 dataRoot = mounted(DATA, "/data");
        List<Object> lines = new ArrayList<>();
        Logger logger = (Logger) Proxy.newProxyInstance(
                Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, args) -> {
                    lines.add(args[0]);
                    return null;
                });
        RareLog log = new RareLog(logger, System::nanoTime);
        Resolver resolver = new Resolver(kit.scopes, new AccessControl(log), () -> 4096, log);
        for (int i = 0; i < 3; i++) {
            Result<GetAcl3ResOk, PostOpAttr> result = ProcedureKit.call(
                    AclProgram.of(resolver),
                    "GETACL",
                    by(PLAIN).call,
                    new GetAcl3Args(dataRoot, 0),
                    r -> Result.read(r, GetAcl3ResOk::read, PostOpAttr::read));
            assertThat(((Result.Fail<GetAcl3ResOk, PostOpAttr>) result).status())
                    .isEqualTo(NfsStat3.NFS3ERR_ACCES);
        }
        assertThat(lines)
                .containsExactly("nfsd: denied 10.0.0.1 at 10.0.0.9: the handle is of service data, and the address is"
                        + " of the exports files");
    }

    @Test
    void aHandleThatNobodySignedIsBad() throws IOException {
        take(data);
        byte[] forged = mounted(DATA, "/data").data().clone();
        forged[forged.length - 1] ^= 1;
        getAttrFails(DATA, new NfsFh3(forged), NfsStat3.NFS3ERR_BADHANDLE);
        getAttrFails(PLAIN, new NfsFh3(forged), NfsStat3.NFS3ERR_BADHANDLE);
    }

    @Test
    void aServiceThatIsNotTakenIsAwaited() throws IOException {
        assertAwaited();
        take(data);
        NfsFh3 root = mounted(DATA, "/data");
        getAttr(DATA, root);
        data.release();
        assertAwaited();
        getAttrFails(DATA, root, NfsStat3.NFS3ERR_JUKEBOX);
        take(data);
        getAttr(DATA, root);
    }

    private void assertAwaited() {
        getAttrFails(DATA, new NfsFh3(new byte[30]), NfsStat3.NFS3ERR_JUKEBOX);
        by(DATA).fails(
                        "MKDIR",
                        new MkDir3Args(at(plainRoot, "d"), SAttr3.NONE),
                        NfsStat3.NFS3ERR_JUKEBOX,
                        WccData::read);
        assertThat(exported(DATA)).isEmpty();
        Procedure<?, ?> row = ProcedureKit.row(kit.mount(3), "MNT");
        assertThatThrownBy(() -> handle(row))
                .isInstanceOfSatisfying(
                        RpcException.class, e -> assertThat(e.answer()).isEqualTo(RpcException.Answer.NO_REPLY));
        getAttr(PLAIN, plainRoot);
    }

    @SuppressWarnings("unchecked")
    private void handle(Procedure<?, ?> row) throws RpcException {
        ((Procedure<DirPath, MountRes3>) row).handler().handle(by(DATA).call, new DirPath(bytes("/data")));
    }

    @Test
    void anIpv4MappedAddressIsTheSame() throws Exception {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 50};
        Inet6Address data6 = Inet6Address.getByAddress(null, mapped, -1);
        take(data);
        assertThat(exported(data6)).containsExactly("/data");
        mapped[15] = 52;
        moor("six", Inet6Address.getByAddress(null, mapped, -1), "/six *");
        assertThat(exported(NfsKit.address("10.0.0.52"))).isEmpty();
        assertThat(exported(NfsKit.address("10.0.0.53"))).containsExactly("/plain");
    }

    /** Failover may be updated meanwhile: clients must not be told that their files are gone. */
    @Test
    void addressesStayTheServicesForAWhile() throws IOException {
        take(data);
        NfsFh3 root = mounted(DATA, "/data");
        data.close();
        assertThat(kit.fileSystem("/data").closed).isTrue();
        kit.later = Duration.ofSeconds(50);
        getAttrFails(DATA, root, NfsStat3.NFS3ERR_JUKEBOX);
        getAttrFails(PLAIN, root, NfsStat3.NFS3ERR_ACCES);
        kit.later = Duration.ofSeconds(61);
        assertThat(exported(DATA)).containsExactly("/plain");
        getAttrFails(DATA, root, NfsStat3.NFS3ERR_BADHANDLE);
        getAttr(DATA, plainRoot);
    }

    @Test
    void mooringAgainEndsThatWhile() throws IOException {
        data.close();
        Mooring again = moor("data", DATA, "/data *(rw)");
        take(again);
        getAttr(DATA, mounted(DATA, "/data"));
        again.close();
        Mooring renamed = moor("renamed", DATA, "/data *(rw)");
        take(renamed);
        getAttr(DATA, mounted(DATA, "/data"));
        assertThatThrownBy(() -> take(data)).isInstanceOf(IOException.class).hasMessageContaining("not declared");
    }

    /** Failover comes up after nfsd. */
    @Test
    void atFirstAHandleMayBeOfAServiceNobodyHasToldOf() throws IOException {
        byte[] unknown = kit.handles.encode(7, new FileId(new byte[12]));
        unknown[unknown.length - 1] ^= 1;
        kit.up = Duration.ofSeconds(29);
        getAttrFails(PLAIN, new NfsFh3(unknown), NfsStat3.NFS3ERR_JUKEBOX);
        getAttrFails(PLAIN, new NfsFh3(new byte[30]), NfsStat3.NFS3ERR_BADHANDLE);
        kit.up = Duration.ofSeconds(30);
        getAttrFails(PLAIN, new NfsFh3(unknown), NfsStat3.NFS3ERR_BADHANDLE);
    }
}
