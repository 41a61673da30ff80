package io.mooring.nfsd.internal.nfs3;

import static io.mooring.nfsd.internal.testing.NfsKit.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.nfsd.internal.exports.AccessControl;
import io.mooring.nfsd.internal.exports.ExportOptions;
import io.mooring.nfsd.internal.exports.HostNames.NameServiceException;
import io.mooring.nfsd.internal.exports.RareLog;
import io.mooring.nfsd.internal.testing.FakeCall;
import io.mooring.nfsd.internal.testing.MemoryFileSystem;
import io.mooring.nfsd.internal.testing.NfsKit;
import io.mooring.nfsd.internal.testing.ProcedureKit;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.Nothing;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpAttr;
import io.mooring.nfsd.internal.wire.Nfs3.Result;
import io.mooring.nfsd.internal.wire.Nfs3Args.Create3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.CreateHow3;
import io.mooring.nfsd.internal.wire.Nfs3Args.SAttr3;
import io.mooring.nfsd.internal.wire.Nfs3Results.Create3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.GetAttr3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Lookup3ResOk;
import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.Procedure.Execution;
import io.mooring.sunrpc.Procedure.Replay;
import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.vfs.Caller;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Who may do what: handles, clients, ports, and identities. */
class AccessTest {

    @Test
    void aForgedHandleIsBad() {
        NfsKit kit = new NfsKit("/a *");
        byte[] handle = kit.root("/a").data().clone();
        handle[3]++;
        kit.fails("GETATTR", new NfsFh3(handle), NfsStat3.NFS3ERR_BADHANDLE, Nothing::read);
        byte[] truncated = Arrays.copyOf(kit.root("/a").data(), 12);
        kit.fails("GETATTR", new NfsFh3(truncated), NfsStat3.NFS3ERR_BADHANDLE, Nothing::read);
        kit.fails("GETATTR", new NfsFh3(new byte[0]), NfsStat3.NFS3ERR_BADHANDLE, Nothing::read);
        PostOpAttr attributes =
                kit.fails("LOOKUP", at(new NfsFh3(handle), "x"), NfsStat3.NFS3ERR_BADHANDLE, PostOpAttr::read);
        assertThat(attributes).isEqualTo(PostOpAttr.ABSENT);
    }

    @Test
    void anExportThatWasRemovedIsStale() {
        NfsKit kit = new NfsKit("/a *\n/b *");
        NfsFh3 root = kit.root("/a");
        kit.export("/b *");
        kit.fails("GETATTR", root, NfsStat3.NFS3ERR_STALE, Nothing::read);
        kit.export("/a *\n/b *");
        kit.ok("GETATTR", root, GetAttr3ResOk::read);
    }

    @Test
    void aReloadUnderARunningCallMakesNothingStale() {
        NfsKit kit = new NfsKit("/a *(rw,sync)");
        NfsFh3 root = kit.root("/a");
        MemoryFileSystem before = kit.fileSystem("/a");
        before.beforeNext = () -> kit.export("/a *(rw,async)");
        kit.ok("LOOKUP", at(root, "."), Lookup3ResOk::read);
        assertThat(before.closed).isTrue();
        kit.fileSystem("/a").beforeNext = () -> kit.export("");
        kit.fails("LOOKUP", at(root, "."), NfsStat3.NFS3ERR_STALE, PostOpAttr::read);
    }

    @Test
    void anExportThatIsNotThereYetIsAskedForLater() {
        NfsKit kit = new NfsKit("/a *(fsid=5)");
        NfsFh3 root = kit.root("/a");
        kit.export("/missing *(fsid=5)");
        kit.fails("GETATTR", root, NfsStat3.NFS3ERR_JUKEBOX, Nothing::read);
    }

    @Test
    void aClientThatIsNotNamedIsDenied() {
        NfsKit kit = new NfsKit("/a 10.0.0.1(rw)");
        NfsFh3 root = kit.root("/a");
        kit.ok("GETATTR", root, GetAttr3ResOk::read);
        kit.call = kit.call.from("10.0.0.2", 700);
        kit.fails("GETATTR", root, NfsStat3.NFS3ERR_ACCES, Nothing::read);
        assertThat(kit.fails("LOOKUP", at(root, "x"), NfsStat3.NFS3ERR_ACCES, PostOpAttr::read))
                .isEqualTo(PostOpAttr.ABSENT);
        kit.export("/a 10.0.0.0/8(rw)");
        kit.ok("GETATTR", root, GetAttr3ResOk::read);
    }

    @Test
    void aSecureExportWantsAPrivilegedPort() {
        NfsKit kit = new NfsKit("/a *\n/i *(insecure)");
        kit.call = kit.call.from("10.0.0.1", 1024);
        kit.fails("GETATTR", kit.root("/a"), NfsStat3.NFS3ERR_ACCES, Nothing::read);
        kit.ok("GETATTR", kit.root("/i"), GetAttr3ResOk::read);
        kit.call = kit.call.from("10.0.0.1", 1023);
        kit.ok("GETATTR", kit.root("/a"), GetAttr3ResOk::read);
    }

    @Test
    void theClientDecidesWhatItMayChange() {
        NfsKit kit = new NfsKit("/a *(ro) 10.0.0.1(rw)");
        Create3Args args = new Create3Args(at(kit.root("/a"), "f"), new CreateHow3.Unchecked(SAttr3.NONE));
        kit.ok("CREATE", args, Create3ResOk::read);
        kit.call = kit.call.from("10.0.0.2", 700);
        kit.fails("CREATE", args, NfsStat3.NFS3ERR_ROFS, io.mooring.nfsd.internal.wire.Nfs3.WccData::read);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "root_squash                      | 1000 | 100 | 0 7    | 1000  | 100   | 65534 7",
                "root_squash                      | 0    | 0   | 0      | 65534 | 65534 | 65534",
                "root_squash                      | 0    | 5   | 5      | 65534 | 5     | 5",
                "root_squash,anonuid=7,anongid=8  | 0    | 0   | 0 3    | 7     | 8     | 8 3",
                "no_root_squash                   | 0    | 0   | 0 3    | 0     | 0     | 0 3",
                "no_root_squash                   | -1   | -1  | -1 3   | 65534 | 65534 | 65534 3",
                "all_squash                       | 1000 | 100 | 3      | 65534 | 65534 | -",
                "all_squash,no_root_squash        | 0    | 0   | 0      | 65534 | 65534 | -",
            })
    void squashing(String options, int uid, int gid, String groups, int toUid, int toGid, String toGroups) {
        ExportOptions parsed =
                ExportOptions.DEFAULTS.with(List.of(options.strip().split(",")));
        Caller caller = AccessControl.squash(FakeCall.sys(uid, gid, ints(groups)), parsed);
        assertThat(caller).isEqualTo(new Caller(toUid, toGid, ints(toGroups)));
    }

    private static int[] ints(String text) {
        return text == null
                ? new int[0]
                : Arrays.stream(text.strip().split(" "))
                        .mapToInt(Integer::parseInt)
                        .toArray();
    }

    @Test
    void theFileSystemSeesTheSquashedCaller() {
        NfsKit kit = new NfsKit("/a *(rw,anonuid=7,anongid=8)");
        kit.call = kit.call.as(FakeCall.sys(0, 0, 0, 9));
        kit.ok("LOOKUP", at(kit.root("/a"), "."), Lookup3ResOk::read);
        assertThat(kit.fileSystem("/a").lastCaller).isEqualTo(new Caller(7, 8, new int[] {8, 9}));
        kit.call = kit.call.as(new RpcCredential.AuthNone());
        kit.ok("LOOKUP", at(kit.root("/a"), "."), Lookup3ResOk::read);
        assertThat(kit.fileSystem("/a").lastCaller).isEqualTo(new Caller(7, 8, new int[0]));
    }

    @Test
    void groupsOfThisHostInsteadOfTheClients() throws Exception {
        RareLog log = new RareLog(LoggerFactory.getLogger("nfsd"), System::nanoTime);
        AccessControl access = new AccessControl(log, sys -> new int[] {sys.uid() + 1, 0});
        RpcCredential joe = FakeCall.sys(1000, 100, 27, 4);
        ExportOptions options = ExportOptions.DEFAULTS;
        assertThat(access.caller(joe, options)).isEqualTo(new Caller(1000, 100, new int[] {1001, 65534}));
        assertThat(access.caller(joe, options.with(List.of("no_root_squash"))))
                .isEqualTo(new Caller(1000, 100, new int[] {1001, 0}));
        Caller nobody = new Caller(65534, 65534, new int[0]);
        assertThat(access.caller(joe, options.with(List.of("all_squash")))).isEqualTo(nobody);
        assertThat(access.caller(new RpcCredential.AuthNone(), options)).isEqualTo(nobody);
        assertThat(new AccessControl(log).caller(joe, options)).isEqualTo(new Caller(1000, 100, new int[] {27, 4}));
    }

    @Test
    void whileGroupsCannotBeLookedUpTheClientWaits() {
        NfsKit kit = new NfsKit("/a *");
        RareLog log = new RareLog(LoggerFactory.getLogger("nfsd"), System::nanoTime);
        AccessControl access = new AccessControl(log, sys -> {
            throw new NameServiceException("dead");
        });
        RpcProgram nfs = NfsProgram.of(new Resolver(kit.scopes, access, () -> 4096, log));
        Result<GetAttr3ResOk, Nothing> result = ProcedureKit.call(
                nfs, "GETATTR", kit.call, kit.root("/a"), r -> Result.read(r, GetAttr3ResOk::read, Nothing::read));
        assertThat(result).isInstanceOf(Result.Fail.class);
        assertThat(((Result.Fail<GetAttr3ResOk, Nothing>) result).status()).isEqualTo(NfsStat3.NFS3ERR_JUKEBOX);
    }

    @Test
    void theTableHasAllProceduresAndCachesThoseThatChange() {
        List<Procedure<?, ?>> rows = new NfsKit("").nfs().procedures();
        assertThat(rows).extracting(Procedure::number).containsExactlyInAnyOrder(numbers());
        assertThat(rows)
                .filteredOn(row -> row.replay() == Replay.CACHED)
                .extracting(Procedure::name)
                .containsExactly("WRITE");
        assertThat(rows)
                .filteredOn(row -> row.replay() == Replay.KEPT)
                .extracting(Procedure::name)
                .containsExactlyInAnyOrder(
                        "SETATTR", "CREATE", "MKDIR", "SYMLINK", "MKNOD", "REMOVE", "RMDIR", "RENAME", "LINK");
        assertThat(rows)
                .filteredOn(row -> row.execution() == Execution.EVENT_LOOP)
                .extracting(Procedure::name)
                .containsExactly("NULL");
        assertThat(ProcedureKit.call(rows.get(0), FakeCall.ordinary(), new byte[0]))
                .isEmpty();
    }

    private static Integer[] numbers() {
        return java.util.stream.IntStream.rangeClosed(0, 21).boxed().toArray(Integer[]::new);
    }
}
