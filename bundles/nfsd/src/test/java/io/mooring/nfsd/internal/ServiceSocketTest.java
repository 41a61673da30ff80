package io.mooring.nfsd.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.nfsd.NfsService.ExportState;
import io.mooring.nfsd.internal.exports.OwnFiles;
import io.mooring.nfsd.internal.testing.Defaults;
import io.mooring.nfsd.internal.testing.NfsKit;
import io.mooring.nfsd.internal.wire.Mount3;
import io.mooring.nfsd.internal.wire.Mount3.DirPath;
import io.mooring.nfsd.internal.wire.Mount3.MountRes3;
import io.mooring.nfsd.internal.wire.Mount3.MountStat3;
import io.mooring.nfsd.internal.wire.Nfs3;
import io.mooring.nfsd.internal.wire.Nfs3.Item;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.Nothing;
import io.mooring.nfsd.internal.wire.Nfs3.Result;
import io.mooring.nfsd.internal.wire.Nfs3Results.GetAttr3ResOk;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcServerOptions.Limits;
import io.mooring.sunrpc.RpcTransports;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.vfs.local.LocalFileSystemProvider;
import io.mooring.vfs.service.ServiceDeclaration;
import io.mooring.vfs.service.ServiceParticipant.Mooring;
import io.mooring.vfs.service.ServiceState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service of the whole server, over real sockets on one of the host's loopback addresses, and a real directory. */
class ServiceSocketTest {
    private static final InetAddress PLAIN = NfsKit.address("127.0.0.1");
    private static final InetAddress DATA = NfsKit.address("127.0.0.50");

    @TempDir
    Path directory;

    private final RpcTransports rpc = RpcTransports.open();
    private final LocalFileSystemProvider files =
            new LocalFileSystemProvider(Defaults.of(LocalFileSystemProvider.Configuration.class, Map.of()));
    private Path plain;
    private Path data;
    private Path state;
    private Nfsd nfsd;

    @BeforeEach
    void serve() throws IOException {
        plain = Files.createDirectory(directory.resolve("plain"));
        data = Files.createDirectory(directory.resolve("data"));
        state = Files.createDirectory(directory.resolve("state"));
        Files.writeString(directory.resolve("exports"), plain + " *(rw,insecure)\n");
        open();
    }

    private void open() throws IOException {
        NfsdOptions.Files where = new NfsdOptions.Files(
                directory.resolve("exports"),
                directory.resolve("exports.d"),
                directory.resolve("key"),
                directory.resolve("netgroup"),
                OwnFiles.NONE);
        Duration poll = Duration.ofMillis(100);
        nfsd = Nfsd.open(
                new NfsdOptions(0, List.of(), false, where, poll, 1 << 20, false, Limits.defaults()), rpc, files);
    }

    @AfterEach
    void stop() {
        nfsd.close();
        rpc.close();
    }

    private Mooring moor() {
        List<String> exports = List.of(data + " *(rw,insecure)");
        return nfsd.participant().moor(new ServiceDeclaration("data", List.of(DATA), exports, "data.cfg", state));
    }

    private <R> R call(InetAddress server, int[] procedure, Item arguments, XdrDecoder<R> result) throws Exception {
        InetSocketAddress remote = new InetSocketAddress(server, nfsd.port());
        try (RpcClient client = rpc.openClient(RpcClientOptions.of(Netid.TCP, remote))) {
            return client.call(
                            procedure[0],
                            procedure[1],
                            procedure[2],
                            (item, writer) -> item.write(writer),
                            arguments,
                            result)
                    .get(20, TimeUnit.SECONDS);
        }
    }

    private MountRes3 mount(InetAddress server, Path path) throws Exception {
        return call(
                server, new int[] {Mount3.PROGRAM, 3, 1}, new DirPath(NfsKit.bytes(path.toString())), MountRes3::read);
    }

    private NfsStat3 getAttr(InetAddress server, NfsFh3 handle) throws Exception {
        Result<GetAttr3ResOk, Nothing> result = call(
                server,
                new int[] {Nfs3.PROGRAM, 3, 1},
                handle,
                r -> Result.read(r, GetAttr3ResOk::read, Nothing::read));
        return result instanceof Result.Fail<GetAttr3ResOk, Nothing> fail ? fail.status() : NfsStat3.NFS3_OK;
    }

    @Test
    void theAddressThatIsCalledDecides() throws Exception {
        Mooring service = moor();
        service.take(new ServiceState(state, null, true));
        NfsFh3 root = ((MountRes3.Ok) mount(DATA, data)).fhandle();
        assertThat(mount(PLAIN, data)).isEqualTo(new MountRes3.Fail(MountStat3.MNT3ERR_ACCES));
        assertThat(mount(DATA, plain)).isEqualTo(new MountRes3.Fail(MountStat3.MNT3ERR_ACCES));
        assertThat(mount(PLAIN, plain)).isInstanceOf(MountRes3.Ok.class);
        assertThat(getAttr(DATA, root)).isEqualTo(NfsStat3.NFS3_OK);
        assertThat(getAttr(PLAIN, root)).isEqualTo(NfsStat3.NFS3ERR_ACCES);
        assertThat(nfsd.exports())
                .extracting(row -> row.path() + " " + row.service())
                .containsExactly(plain + " null", data + " data");
        service.release();
        assertThat(getAttr(DATA, root)).isEqualTo(NfsStat3.NFS3ERR_JUKEBOX);
        assertThat(nfsd.exports()).extracting(row -> row.state()).contains(ExportState.STANDBY);
    }

    /** As when nfsd is updated before failover is back: its handles are not bad. */
    @Test
    void aServiceThatIsNotDeclaredYetIsAwaited() throws Exception {
        Mooring service = moor();
        service.take(new ServiceState(state, null, true));
        NfsFh3 root = ((MountRes3.Ok) mount(DATA, data)).fhandle();
        nfsd.close();
        service.release();
        open();
        assertThat(getAttr(DATA, root)).isEqualTo(NfsStat3.NFS3ERR_JUKEBOX);
        moor().take(new ServiceState(state, null, true));
        assertThat(getAttr(DATA, root)).isEqualTo(NfsStat3.NFS3_OK);
    }
}
