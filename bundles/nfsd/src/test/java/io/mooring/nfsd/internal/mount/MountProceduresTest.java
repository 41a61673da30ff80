package io.mooring.nfsd.internal.mount;

import static io.mooring.nfsd.internal.testing.NfsKit.at;
import static io.mooring.nfsd.internal.testing.NfsKit.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.nfsd.internal.testing.FakeCall;
import io.mooring.nfsd.internal.testing.NfsKit;
import io.mooring.nfsd.internal.testing.ProcedureKit;
import io.mooring.nfsd.internal.wire.Mount3.DirPath;
import io.mooring.nfsd.internal.wire.Mount3.ExportList;
import io.mooring.nfsd.internal.wire.Mount3.FhStatus;
import io.mooring.nfsd.internal.wire.Mount3.MountList;
import io.mooring.nfsd.internal.wire.Mount3.MountRes3;
import io.mooring.nfsd.internal.wire.Mount3.MountStat3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.Result;
import io.mooring.nfsd.internal.wire.Nfs3Args.Create3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.CreateHow3;
import io.mooring.nfsd.internal.wire.Nfs3Args.MkDir3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.SAttr3;
import io.mooring.nfsd.internal.wire.Nfs3Args.Symlink3Args;
import io.mooring.nfsd.internal.wire.Nfs3Results.Create3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.GetAttr3ResOk;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.RpcException;
import io.mooring.vfs.VfsException.Status;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountProceduresTest {
    private final NfsKit kit = new NfsKit("/srv/a 10.0.0.0/24(rw)\n/srv/a/inner 192.168.0.1\n/srv/i *(insecure)");

    private MountRes3 mount(String path) {
        return ProcedureKit.call(kit.mount(3), "MNT", kit.call, new DirPath(bytes(path)), MountRes3::read);
    }

    private NfsFh3 mounted(String path) {
        MountRes3 result = mount(path);
        assertThat(result).isInstanceOf(MountRes3.Ok.class);
        assertThat(((MountRes3.Ok) result).authFlavors()).containsExactly(1);
        return ((MountRes3.Ok) result).fhandle();
    }

    private void fails(String path, MountStat3 status) {
        assertThat(mount(path)).isEqualTo(new MountRes3.Fail(status));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/srv/a", "/srv/a/", "//srv//a", "/srv/./a/."})
    void anExportIsMounted(String path) {
        assertThat(mounted(path).data()).isEqualTo(kit.root("/srv/a").data());
        assertThat(kit.mounts.list()).extracting(Mounts.Mount::path).containsExactly("/srv/a");
    }

    @Test
    void aDirectoryInAnExportIsMounted() {
        NfsFh3 directory = kit.ok("MKDIR", new MkDir3Args(at(kit.root("/srv/a"), "d"), SAttr3.NONE), Create3ResOk::read)
                .obj()
                .handle();
        assertThat(mounted("/srv/a/d").data()).isEqualTo(directory.data());
        fails("/srv/a/e", MountStat3.MNT3ERR_NOENT);
        fails("/srv/a/e/f", MountStat3.MNT3ERR_NOENT);
    }

    @Test
    void nothingButADirectoryIsMounted() {
        NfsFh3 root = kit.root("/srv/a");
        kit.ok("CREATE", new Create3Args(at(root, "f"), new CreateHow3.Unchecked(SAttr3.NONE)), Create3ResOk::read);
        kit.ok("SYMLINK", new Symlink3Args(at(root, "l"), SAttr3.NONE, bytes(".")), Create3ResOk::read);
        fails("/srv/a/f", MountStat3.MNT3ERR_NOTDIR);
        fails("/srv/a/f/x", MountStat3.MNT3ERR_NOTDIR);
        fails("/srv/a/l", MountStat3.MNT3ERR_NOTDIR);
        fails("/srv/a/l/x", MountStat3.MNT3ERR_NOTDIR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "srv/a", "/", "/srv", "/srv/ab", "/srv/a/../i", "/srv/a/\0", "/etc"})
    void whatIsNotExportedIsDenied(String path) {
        fails(path, MountStat3.MNT3ERR_ACCES);
        assertThat(kit.mounts.list()).isEmpty();
    }

    @Test
    void whatWouldBeDeniedLaterIsDeniedNow() {
        kit.call = kit.call.from("10.0.1.1", 700);
        fails("/srv/a", MountStat3.MNT3ERR_ACCES);
        kit.call = kit.call.from("10.0.0.1", 5000);
        fails("/srv/a", MountStat3.MNT3ERR_ACCES);
        mounted("/srv/i");
    }

    /** Some clients do not look at errors that come later: what NFS will refuse, MNT must refuse as well. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*                        | 10.0.0.1    | 700  | true",
                "*                        | 10.0.0.1    | 1023 | true",
                "*                        | 10.0.0.1    | 1024 | false",
                "*(insecure)              | 10.0.0.1    | 1024 | true",
                "*(insecure) 10.0.0.1(ro) | 10.0.0.1    | 1024 | false",
                "10.0.0.0/8               | 11.0.0.1    | 700  | false",
                "2001:db8::/32            | 2001:db8::7 | 700  | true",
                "2001:db8::/32            | 2001:db9::7 | 700  | false",
                "*.example.org            | 10.0.0.1    | 700  | false",
                "*(sec=krb5:sys)          | 10.0.0.1    | 700  | true",
                "@trusted                 | 10.0.0.1    | 700  | true",
                "@trusted                 | 10.0.0.2    | 700  | false",
                "@trusted                 | 2001:db8::7 | 700  | true",
                "@trusted                 | 2001:db8::8 | 700  | false",
                "@unknown                 | 10.0.0.1    | 700  | false",
                "2001:db8::7/128          | 2001:db8::7 | 2000 | false",
            })
    void mountRefusesWhatNfsRefuses(String clients, String from, int port, boolean admitted) {
        kit.export("/srv/x " + clients);
        for (RpcCredential credential : List.of(FakeCall.sys(0, 0), FakeCall.sys(7, 7), new RpcCredential.AuthNone())) {
            kit.call = kit.call.from(from, port).as(credential);
            assertThat(mount("/srv/x") instanceof MountRes3.Ok).isEqualTo(admitted);
            assertThat(kit.run("GETATTR", kit.root("/srv/x"), GetAttr3ResOk::read, r -> w -> {}) instanceof Result.Ok)
                    .isEqualTo(admitted);
        }
    }

    /** Nor by way of the export around it. */
    @Test
    void aLineThatIsRefusedCannotBeMounted() {
        kit.export("/srv/x *(sec=krb5)");
        fails("/srv/x", MountStat3.MNT3ERR_ACCES);
        kit.export("/srv *\n/srv/x *(sec=krb5)");
        fails("/srv/x", MountStat3.MNT3ERR_ACCES);
        fails("/srv/x/y", MountStat3.MNT3ERR_ACCES);
        mounted("/srv");
    }

    @Test
    void anExportWhoseFsidClashesCannotBeMounted() {
        kit.export("/srv *\n/srv/x *(fsid=7)\n/srv/y *(fsid=7)\n");
        mounted("/srv/x");
        fails("/srv/y", MountStat3.MNT3ERR_ACCES);
    }

    @Test
    void aSlipDoesNotKeepAnybodyFromWhatIsServedAsBefore() {
        kit.export("/srv/a 10.0.0.0/24(rw)\n/srv/a 10.1.0.0/16(wr)\n");
        mounted("/srv/a");
    }

    @Test
    void anExportThatWasRemovedSinceItWasOpened() {
        kit.fileSystem("/srv/a").closed = true;
        fails("/srv/a", MountStat3.MNT3ERR_NOENT);
    }

    /** MOUNT has no "try later": the client asks again where it hears nothing. */
    @Test
    void withoutTheNameServiceThereIsNoAnswer() {
        kit.export("/srv/x host.example.org");
        kit.namesAreDead = true;
        assertThatThrownBy(() -> mount("/srv/x")).hasRootCauseInstanceOf(RpcException.class);
        kit.fails("GETATTR", kit.root("/srv/x"), NfsStat3.NFS3ERR_JUKEBOX, r -> w -> {});
        kit.namesAreDead = false;
        fails("/srv/x", MountStat3.MNT3ERR_ACCES);
    }

    @Test
    void theInnerExportDecidesForItself() {
        fails("/srv/a/inner", MountStat3.MNT3ERR_ACCES);
        kit.call = kit.call.from("192.168.0.1", 700);
        assertThat(mounted("/srv/a/inner").data())
                .isEqualTo(kit.root("/srv/a/inner").data());
    }

    @Test
    void anExportWhoseDirectoryIsMissing() {
        kit.export("/srv/a/missing *");
        fails("/srv/a/missing", MountStat3.MNT3ERR_NOENT);
    }

    @Test
    void troublesOfTheFileSystem() {
        kit.fileSystem("/srv/a").failWith = Status.IO;
        fails("/srv/a/x", MountStat3.MNT3ERR_IO);
        fails("/srv/a/" + "x".repeat(256), MountStat3.MNT3ERR_NAMETOOLONG);
    }

    @Test
    void version1HasHandlesOf32Bytes() {
        FhStatus status =
                ProcedureKit.call(kit.mount(1), "MNT", kit.call, new DirPath(bytes("/srv/a")), FhStatus::read);
        assertThat(status.status()).isEqualTo(MountStat3.MNT3_OK);
        assertThat(status.directory())
                .isEqualTo(Arrays.copyOf(kit.root("/srv/a").data(), 32));
        FhStatus denied = ProcedureKit.call(kit.mount(1), "MNT", kit.call, new DirPath(bytes("/x")), FhStatus::read);
        assertThat(denied.status()).isEqualTo(MountStat3.MNT3ERR_ACCES);
    }

    private List<String> dump() {
        return ProcedureKit.call(kit.mount(3), "DUMP", kit.call, null, MountList::read).mounts().stream()
                .map(m -> m.hostname() + " " + new String(m.directory(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void theListOfMounts() {
        mounted("/srv/a");
        mounted("/srv/i");
        kit.call = kit.call.from("10.0.0.2", 700);
        mounted("/srv/i");
        assertThat(dump()).containsExactly("10.0.0.1 /srv/a", "10.0.0.1 /srv/i", "10.0.0.2 /srv/i");
        ProcedureKit.call(kit.mount(3), "UMNT", kit.call, new DirPath(bytes("/srv/i/")), r -> "");
        ProcedureKit.call(kit.mount(3), "UMNT", kit.call, new DirPath(bytes("never")), r -> "");
        assertThat(dump()).containsExactly("10.0.0.1 /srv/a", "10.0.0.1 /srv/i");
        kit.call = kit.call.from("10.0.0.1", 700);
        ProcedureKit.call(kit.mount(1), "UMNTALL", kit.call, null, r -> "");
        assertThat(dump()).isEmpty();
    }

    @Test
    void theListOfMountsIsBounded() throws Exception {
        for (int i = 0; i < 5000; i++) {
            kit.mounts.add(InetAddress.getByAddress(new byte[] {10, 1, (byte) (i >> 8), (byte) i}), "/srv/a");
        }
        assertThat(kit.mounts.list()).hasSize(4096);
        assertThat(dump()).hasSize(4096);
        kit.call = kit.call.by(Netid.UDP);
        byte[] reply = ProcedureKit.call(ProcedureKit.row(kit.mount(3), "DUMP"), kit.call, new byte[0]);
        assertThat(reply.length).isBetween(30_000, 32_800);
    }

    @Test
    void theListOfExports() {
        for (String call : new String[] {"EXPORT", "EXPORTALL"}) {
            assertThat(ProcedureKit.call(kit.mount(1), call, kit.call, null, ExportList::read)
                            .exports())
                    .extracting(e -> new String(e.dir(), StandardCharsets.UTF_8) + " " + e.groups())
                    .containsExactly("/srv/a [10.0.0.0/24]", "/srv/a/inner [192.168.0.1]", "/srv/i [*]");
        }
    }

    @Test
    void theTablesHaveAllProcedures() {
        assertThat(kit.mount(3).procedures()).extracting(Procedure::number).containsExactlyInAnyOrder(range(5));
        assertThat(kit.mount(1).procedures()).extracting(Procedure::number).containsExactlyInAnyOrder(range(6));
    }

    private static Integer[] range(int last) {
        return IntStream.rangeClosed(0, last)
                .boxed()
                .collect(Collectors.toList())
                .toArray(Integer[]::new);
    }
}
