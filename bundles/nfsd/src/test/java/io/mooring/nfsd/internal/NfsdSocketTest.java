package io.mooring.nfsd.internal;

import static io.mooring.nfsd.internal.testing.NfsKit.at;
import static io.mooring.nfsd.internal.testing.NfsKit.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.nfsd.NfsService.ExportState;
import io.mooring.nfsd.internal.exports.OwnFiles;
import io.mooring.nfsd.internal.testing.Defaults;
import io.mooring.nfsd.internal.wire.Mount3;
import io.mooring.nfsd.internal.wire.Mount3.DirPath;
import io.mooring.nfsd.internal.wire.Mount3.ExportList;
import io.mooring.nfsd.internal.wire.Mount3.MountRes3;
import io.mooring.nfsd.internal.wire.Mount3.MountStat3;
import io.mooring.nfsd.internal.wire.Nfs3;
import io.mooring.nfsd.internal.wire.Nfs3.Item;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.Result;
import io.mooring.nfsd.internal.wire.Nfs3Args.Commit3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.Create3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.CreateHow3;
import io.mooring.nfsd.internal.wire.Nfs3Args.Read3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.ReadDirPlus3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.SAttr3;
import io.mooring.nfsd.internal.wire.Nfs3Args.StableHow;
import io.mooring.nfsd.internal.wire.Nfs3Args.Write3Args;
import io.mooring.nfsd.internal.wire.Nfs3Results.Commit3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Create3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.FileData;
import io.mooring.nfsd.internal.wire.Nfs3Results.FsInfo3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Read3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.ReadDirPlus3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Write3ResOk;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.RpcServerOptions.Limits;
import io.mooring.sunrpc.RpcTransports;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrWriter;
import io.mooring.vfs.local.LocalFileSystemProvider;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole server over real sockets and a real directory. */
class NfsdSocketTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    Path directory;

    private final RpcTransports rpc = RpcTransports.open();
    private final LocalFileSystemProvider files =
            new LocalFileSystemProvider(Defaults.of(LocalFileSystemProvider.Configuration.class, Map.of()));
    private Path exported;
    private Nfsd nfsd;

    @BeforeEach
    void serve() throws IOException {
        exported = Files.createDirectory(directory.resolve("srv"));
        Files.writeString(directory.resolve("exports"), exported + " 127.0.0.0/8(rw,insecure,no_root_squash)\n");
        nfsd = Nfsd.open(options(0), rpc, files);
    }

    @AfterEach
    void stop() {
        nfsd.close();
        rpc.close();
    }

    private NfsdOptions options(int port) {
        return options(port, "exports", 1 << 20);
    }

    private NfsdOptions options(int port, String exports, int maxTransfer) {
        NfsdOptions.Files where = new NfsdOptions.Files(
                directory.resolve(exports),
                directory.resolve("exports.d"),
                directory.resolve("key"),
                directory.resolve("netgroup"),
                OwnFiles.NONE);
        return new NfsdOptions(
                port, List.of(), true, where, Duration.ofMillis(100), maxTransfer, false, Limits.defaults());
    }

    private RpcClient client(Netid netid) {
        RpcClientOptions plain = RpcClientOptions.of(netid, new InetSocketAddress(LOOPBACK, nfsd.port()));
        return rpc.openClient(new RpcClientOptions(
                plain.remote(),
                null,
                netid,
                new RpcCredential.AuthSys(0, "test", 0, 0, new int[0]),
                plain.timeout(),
                plain.retransmission()));
    }

    private static <R> R call(RpcClient client, int[] procedure, Item arguments, XdrDecoder<R> result)
            throws Exception {
        return client.call(
                        procedure[0],
                        procedure[1],
                        procedure[2],
                        (item, writer) -> {
                            if (item != null) {
                                item.write(writer);
                            }
                        },
                        arguments,
                        result)
                .get(20, TimeUnit.SECONDS);
    }

    private static <T extends Item> T nfs(RpcClient client, int procedure, Item arguments, XdrDecoder<T> resok)
            throws Exception {
        Result<T, Item> result = call(
                client, new int[] {Nfs3.PROGRAM, 3, procedure}, arguments, r -> Result.read(r, resok, x -> w -> {}));
        assertThat((Object) result).isInstanceOf(Result.Ok.class);
        return ((Result.Ok<T, Item>) result).resok();
    }

    private static NfsFh3 mount(RpcClient client, Path path) throws Exception {
        DirPath directory = new DirPath(path.toString().getBytes(StandardCharsets.UTF_8));
        MountRes3 result = call(client, new int[] {Mount3.PROGRAM, 3, 1}, directory, MountRes3::read);
        assertThat(result).isInstanceOf(MountRes3.Ok.class);
        assertThat(((MountRes3.Ok) result).authFlavors()).containsExactly(1);
        return ((MountRes3.Ok) result).fhandle();
    }

    @Test
    void aFileIsMadeWrittenAndReadBack() throws Exception {
        byte[] data = new byte[1 << 20];
        new java.util.Random(1).nextBytes(data);
        try (RpcClient client = client(Netid.TCP)) {
            NfsFh3 root = mount(client, exported);
            Create3Args create = new Create3Args(at(root, "f"), new CreateHow3.Guarded(SAttr3.NONE));
            NfsFh3 file = nfs(client, 8, create, Create3ResOk::read).obj().handle();
            ByteBuffer[] buffers = {ByteBuffer.wrap(data)};
            Write3Args write = new Write3Args(file, 3, data.length, StableHow.UNSTABLE, buffers);
            Write3ResOk written = nfs(client, 7, write, Write3ResOk::read);
            assertThat(written.count()).isEqualTo(data.length);
            assertThat(nfs(client, 21, new Commit3Args(file, 0, 0), Commit3ResOk::read)
                            .verf())
                    .isEqualTo(written.verf());
            Read3ResOk read = nfs(client, 6, new Read3Args(file, 3, 1 << 20), Read3ResOk::read);
            assertThat(read.eof()).isTrue();
            assertThat(((FileData.Bytes) read.data()).bytes()).isEqualTo(data);
            assertThat(Files.size(exported.resolve("f"))).isEqualTo(data.length + 3);
            ReadDirPlus3ResOk listed =
                    nfs(client, 17, new ReadDirPlus3Args(root, 0, 0, 4096, 8192), ReadDirPlus3ResOk::read);
            assertThat(listed.entries())
                    .extracting(e -> new String(e.entry().name(), StandardCharsets.UTF_8))
                    .containsExactlyInAnyOrder(".", "..", "f");
            assertThat(listed.entries())
                    .allSatisfy(e -> assertThat(e.nameHandle().handle()).isNotNull());
        }
        assertThat(nfsd.mounts()).extracting(m -> m.path()).containsExactly(exported.toString());
        assertThat(nfsd.statistics().procedures())
                .anySatisfy(
                        p -> assertThat(p.program() + p.procedure() + p.calls()).isEqualTo("nfsWRITE1"));
    }

    @Test
    void handlesLiveOnAfterARestart() throws Exception {
        NfsFh3 root;
        try (RpcClient client = client(Netid.TCP)) {
            root = mount(client, exported);
        }
        nfsd.close();
        nfsd = Nfsd.open(options(0), rpc, files);
        try (RpcClient client = client(Netid.TCP)) {
            assertThat(mount(client, exported).data()).isEqualTo(root.data());
            nfs(client, 17, new ReadDirPlus3Args(root, 0, 0, 4096, 8192), ReadDirPlus3ResOk::read);
        }
    }

    @Test
    void udpIsServedOnceTheAddressIsThere() throws Exception {
        nfsd.addressListener().addressAdded(LOOPBACK);
        try (RpcClient client = client(Netid.UDP)) {
            mount(client, exported);
            ExportList exports = call(client, new int[] {Mount3.PROGRAM, 1, 5}, null, ExportList::read);
            assertThat(exports.exports()).hasSize(1);
            assertThat(exports.exports().get(0).dir()).isEqualTo(bytes(exported.toString()));
            assertThat(exports.exports().get(0).groups()).containsExactly("127.0.0.0/8");
        }
    }

    /** A retransmission that a worker takes late would put the old data back. */
    @Test
    void aRepeatedWriteIsAnsweredAndNotDone() throws Exception {
        try (RpcClient client = client(Netid.TCP);
                DatagramSocket socket = new DatagramSocket()) {
            NfsFh3 root = mount(client, exported);
            Create3Args create = new Create3Args(at(root, "f"), new CreateHow3.Guarded(SAttr3.NONE));
            NfsFh3 file = nfs(client, 8, create, Create3ResOk::read).obj().handle();
            nfsd.addressListener().addressAdded(LOOPBACK);
            byte[] first = sent(socket, 77, writing(file, "old"));
            sent(socket, 78, writing(file, "new"));
            assertThat(sent(socket, 77, writing(file, "old"))).isEqualTo(first);
            assertThat(exported.resolve("f")).hasContent("new");
            assertThat(nfsd.statistics().replays()).isEqualTo(1);
        }
    }

    private static Write3Args writing(NfsFh3 file, String text) {
        return new Write3Args(file, 0, 3, StableHow.FILE_SYNC, new ByteBuffer[] {ByteBuffer.wrap(bytes(text))});
    }

    /** A call with this xid, as a datagram, and its reply. */
    private byte[] sent(DatagramSocket socket, int xid, Write3Args write) throws IOException {
        XdrWriter call = XdrWriter.create();
        IntStream.of(xid, 0, 2, Nfs3.PROGRAM, 3, 7).forEach(call::writeInt);
        // AUTH_SYS: no stamp, no name, root without groups; and no verifier.
        IntStream.of(1, 20, 0, 0, 0, 0, 0, 0, 0).forEach(call::writeInt);
        write.write(call);
        byte[] bytes = call.toByteArray();
        socket.setSoTimeout(20_000);
        socket.send(new DatagramPacket(bytes, bytes.length, LOOPBACK, nfsd.port()));
        DatagramPacket reply = new DatagramPacket(new byte[1024], 1024);
        socket.receive(reply);
        return Arrays.copyOf(reply.getData(), reply.getLength());
    }

    @Test
    void version4IsAMismatchAndNotADroppedCall() {
        try (RpcClient client = client(Netid.TCP)) {
            assertThatThrownBy(() -> call(client, new int[] {Nfs3.PROGRAM, 4, 0}, null, r -> null))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .hasMessageContaining("versions 3 to 3");
        }
    }

    @Test
    void aRemovedAddressTakesItsTransports() throws Exception {
        try (RpcClient client = client(Netid.TCP)) {
            mount(client, exported);
            nfsd.addressListener().addressRemoved(LOOPBACK);
            assertThat(nfsd.statistics().addressRemovals()).isEqualTo(1);
            assertThat(nfsd.statistics().transportsClosed()).isGreaterThanOrEqualTo(1);
        }
    }

    @Test
    void aDirectoryThatIsGoneIsNotMounted() throws Exception {
        Files.delete(exported);
        DirPath gone = new DirPath(exported.toString().getBytes(StandardCharsets.UTF_8));
        try (RpcClient client = client(Netid.TCP)) {
            assertThat(call(client, new int[] {Mount3.PROGRAM, 3, 1}, gone, MountRes3::read))
                    .isEqualTo(new MountRes3.Fail(MountStat3.MNT3ERR_NOENT));
        }
    }

    @Test
    void exportsAreReloaded() throws Exception {
        Path more = Files.createDirectory(directory.resolve("more"));
        Files.createDirectories(directory.resolve("exports.d"));
        Files.writeString(directory.resolve("exports.d/more.exports"), more + " *(rw,insecure)\n/x *(oops)\n");
        try (RpcClient client = client(Netid.TCP)) {
            NfsFh3 before = mount(client, exported);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> nfsd.exports().size() == 3);
            assertThat(mount(client, more).data()).isNotEqualTo(before.data());
            nfs(client, 17, new ReadDirPlus3Args(before, 0, 0, 4096, 8192), ReadDirPlus3ResOk::read);
            assertThat(nfsd.exports())
                    .filteredOn(e -> e.state() == ExportState.REFUSED)
                    .extracting(e -> e.origin() + " " + e.reason())
                    .containsExactly(directory.resolve("exports.d/more.exports") + ":2 unknown option 'oops'");
            Files.delete(directory.resolve("exports.d/more.exports"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> nfsd.exports().size() == 1);
        }
    }

    @Test
    void aNewConfigurationAppliesToOpenConnections() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.writeString(directory.resolve("exports2"), other + " *(rw,insecure)\n" + exported + " *(rw,insecure)\n");
        try (RpcClient client = client(Netid.TCP)) {
            NfsFh3 root = mount(client, exported);
            assertThat(nfs(client, 19, root, FsInfo3ResOk::read).read().max()).isEqualTo(1 << 20);
            long transports = temporary();
            assertThat(nfsd.reconfigure(options(0, "exports2", 8192))).isTrue();
            assertThat(nfs(client, 19, root, FsInfo3ResOk::read).read().max()).isEqualTo(8192);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> nfsd.exports().size() == 2);
            mount(client, other);
            Files.writeString(directory.resolve("exports2"), exported + " *(rw,insecure)\n");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> nfsd.exports().size() == 1);
            nfs(client, 19, root, FsInfo3ResOk::read);
            assertThat(transports).isEqualTo(1);
            assertThat(temporary()).isEqualTo(1);
            assertThat(rpc.servers().get(0).statistics().accepted()).isEqualTo(1);
        }
    }

    private long temporary() {
        return rpc.servers().get(0).statistics().accepted();
    }

    @Test
    void whatNeedsOtherSocketsIsNotApplied() {
        int port = nfsd.port();
        assertThat(nfsd.reconfigure(options(port + 1, "exports2", 8192))).isFalse();
        assertThat(nfsd.port()).isEqualTo(port);
        assertThat(nfsd.exports()).hasSize(1);
    }

    @Test
    void exportsAreCheckedAndNotServed() throws Exception {
        Path draft = Files.writeString(
                directory.resolve("draft.exports"), exported + " *\n" + directory.resolve("none") + " *\n/x *(oops)\n");
        assertThat(nfsd.checkExports(List.of())).isEmpty();
        assertThat(nfsd.checkExports(List.of(draft)))
                .extracting(p -> p.file() + "|" + p.line())
                .containsExactly(draft + "|2", draft + "|3");
        assertThat(nfsd.exports()).hasSize(1);
    }

    @Test
    void aPortInUseIsNamed() {
        int port = nfsd.port();
        assertThatThrownBy(() -> Nfsd.open(options(port), rpc, files))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(String.valueOf(port));
    }
}
