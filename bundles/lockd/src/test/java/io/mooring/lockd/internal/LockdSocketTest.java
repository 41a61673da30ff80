package io.mooring.lockd.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mooring.lockd.LockService.LockFilter;
import io.mooring.lockd.internal.table.Locking;
import io.mooring.lockd.internal.testing.Defaults;
import io.mooring.lockd.internal.testing.FakeTargets;
import io.mooring.lockd.internal.wire.Nlm4;
import io.mooring.lockd.internal.wire.Nlm4.Item;
import io.mooring.lockd.internal.wire.Nlm4.ItemDecoder;
import io.mooring.lockd.internal.wire.Nlm4.Lock;
import io.mooring.lockd.internal.wire.Nlm4.LockArgs;
import io.mooring.lockd.internal.wire.Nlm4.Res;
import io.mooring.lockd.internal.wire.Nlm4.Stat;
import io.mooring.lockd.internal.wire.Nlm4.TestArgs;
import io.mooring.lockd.internal.wire.Nlm4.UnlockArgs;
import io.mooring.lockd.internal.wire.NlmVersion;
import io.mooring.lockd.internal.wire.Rpcbind;
import io.mooring.lockd.internal.wire.Sm1;
import io.mooring.lockd.internal.wire.Sm1.StatChge;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.Procedure.Execution;
import io.mooring.sunrpc.Procedure.Handler;
import io.mooring.sunrpc.Procedure.Replay;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcServerOptions;
import io.mooring.sunrpc.RpcTransports;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrEncoder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Over real sockets of the loopback interface, with clients at 127.0.0.2 and 127.0.0.3. */
class LockdSocketTest {
    private static final InetAddress SERVICE = Locking.address("127.0.0.1");
    private static final InetAddress ONE = Locking.address("127.0.0.2");
    private static final InetAddress TWO = Locking.address("127.0.0.3");

    @TempDir
    Path directory;

    private final RpcTransports rpc = RpcTransports.open();
    private final FakeTargets targets = new FakeTargets();
    private final BlockingQueue<TestArgs> granted = new LinkedBlockingQueue<>();
    private final BlockingQueue<StatChge> notified = new LinkedBlockingQueue<>();
    private final BlockingQueue<InetAddress> callers = new LinkedBlockingQueue<>();
    /** Where messages came from, by procedure. */
    private final Map<Integer, InetSocketAddress> senders = new ConcurrentHashMap<>();

    private RpcServer client;
    private LockState state;
    private Lockd lockd;

    @BeforeEach
    void open() throws IOException {
        client = clientServer();
        start();
    }

    private void start() throws IOException {
        LockServer.Config config = Defaults.of(LockServer.Config.class, Map.of("port", 0));
        LockdOptions options = Configuration.read(config, directory);
        state = new LockState(options, client.tcpPort());
        lockd = Lockd.open(options, rpc, state, () -> targets);
        lockd.addressListener().addressesPresent(List.of(SERVICE));
    }

    @AfterEach
    void close() {
        lockd.close();
        state.close();
        rpc.close();
    }

    /** A client's rpcbind, NLM and NSM, all on one port, on both clients' addresses. */
    private RpcServer clientServer() throws IOException {
        RpcProgram rpcbind = program(
                Rpcbind.PROGRAM,
                2,
                row(
                        3,
                        r -> new int[] {r.readInt(), r.readInt(), r.readInt(), r.readInt()},
                        (call, mapping) -> client.tcpPort(),
                        (port, w) -> w.writeInt(port)));
        RpcProgram nlm = program(
                Nlm4.PROGRAM,
                4,
                row(
                        5,
                        r -> TestArgs.read(r, NlmVersion.V4),
                        (call, args) -> {
                            callers.add(call.remoteAddress().getAddress());
                            granted.add(args);
                            return new Res(args.cookie(), Stat.NLM4_GRANTED);
                        },
                        (res, w) -> res.write(w, NlmVersion.V4)),
                message(10, TestArgs::read),
                message(12, Res::read));
        RpcProgram nsm = program(
                Sm1.PROGRAM,
                1,
                row(
                        6,
                        StatChge::read,
                        (call, change) -> {
                            callers.add(call.remoteAddress().getAddress());
                            notified.add(change);
                            return null;
                        },
                        (none, w) -> {}));
        RpcServer server = rpc.openServer(new RpcServerOptions(
                "client", List.of(rpcbind, nlm, nsm), List.of(), 0, 0, RpcServerOptions.Limits.defaults()));
        server.addressAdded(ONE);
        server.addressAdded(TWO);
        return server;
    }

    private static RpcProgram program(int number, int version, Procedure<?, ?>... rows) {
        List<Procedure<?, ?>> all = new ArrayList<>(List.of(rows));
        all.add(Procedure.nullProcedure());
        return new RpcProgram(number, version, "test", all);
    }

    private <A> Procedure<A, Void> message(int number, ItemDecoder<A> decoder) {
        return row(
                number,
                r -> decoder.read(r, NlmVersion.V4),
                (call, args) -> {
                    senders.put(number, call.remoteAddress());
                    return null;
                },
                (none, w) -> {});
    }

    private static <A, R> Procedure<A, R> row(
            int number, XdrDecoder<A> decoder, Handler<A, R> handler, XdrEncoder<R> encoder) {
        return new Procedure<>(number, "TEST", decoder, handler, encoder, Replay.IDEMPOTENT, Execution.WORKER);
    }

    private RpcClient clientAt(InetAddress address, Netid netid) {
        return rpc.openClient(new RpcClientOptions(
                new InetSocketAddress(SERVICE, lockd.port()),
                new InetSocketAddress(address, 0),
                netid,
                new RpcCredential.AuthNone(),
                Duration.ofSeconds(10),
                Duration.ofMillis(500)));
    }

    private static Lock lock() {
        byte[] oh = "7@client".getBytes(StandardCharsets.US_ASCII);
        return new Lock("client", FakeTargets.handle(1), oh, 7, 0, 0);
    }

    private static Stat call(RpcClient from, int procedure, Item args) throws Exception {
        return from.call(
                        Nlm4.PROGRAM,
                        4,
                        procedure,
                        (a, w) -> a.write(w, NlmVersion.V4),
                        args,
                        r -> Res.read(r, NlmVersion.V4))
                .get(15, TimeUnit.SECONDS)
                .stat();
    }

    private static LockArgs wants(boolean block, boolean reclaim) {
        return new LockArgs(new byte[] {1}, block, true, lock(), reclaim, 3);
    }

    @ParameterizedTest
    @EnumSource(
            value = Netid.class,
            names = {"TCP", "UDP"})
    void aWaiterGetsItsLockFromTheServiceAddress(Netid netid) throws Exception {
        RpcClient one = clientAt(ONE, netid);
        RpcClient two = clientAt(TWO, netid);
        assertThat(call(one, 2, wants(true, false))).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(call(two, 2, wants(true, false))).isEqualTo(Stat.NLM4_BLOCKED);
        assertThat(call(one, 4, new UnlockArgs(new byte[] {2}, lock()))).isEqualTo(Stat.NLM4_GRANTED);
        TestArgs told = granted.poll(10, TimeUnit.SECONDS);
        assertThat(told.alock()).usingRecursiveComparison().isEqualTo(lock());
        assertThat(callers.poll(10, TimeUnit.SECONDS)).isEqualTo(SERVICE);
        assertThat(lockd.locks(LockFilter.ALL))
                .hasSize(1)
                .allMatch(row -> row.client().equals("127.0.0.3"));
    }

    private static void sendMessage(RpcClient from, int procedure, Item args) throws Exception {
        from.call(Nlm4.PROGRAM, 4, procedure, (a, w) -> a.write(w, NlmVersion.V4), args, r -> null)
                .get(15, TimeUnit.SECONDS);
    }

    @Test
    void messagesByUdpComeFromTheListeningSocket() throws Exception {
        InetSocketAddress listening = new InetSocketAddress(SERVICE, lockd.port());
        RpcClient one = clientAt(ONE, Netid.UDP);
        sendMessage(one, 7, wants(true, false));
        await().until(() -> senders.containsKey(12));
        assertThat(senders).containsEntry(12, listening);
        sendMessage(clientAt(TWO, Netid.UDP), 7, wants(true, false));
        sendMessage(one, 9, new UnlockArgs(new byte[] {2}, lock()));
        await().until(() -> senders.containsKey(10));
        assertThat(senders).containsEntry(10, listening);
        // The client replied to each message; these are no calls, and nothing is wrong with them.
        RpcServer server = rpc.servers().stream()
                .filter(s -> s.name().equals("lockd"))
                .findFirst()
                .orElseThrow();
        assertThat(server.statistics().badRecords()).isZero();
    }

    @Test
    void afterARestartTheHostIsToldAndReclaims() throws Exception {
        assertThat(call(clientAt(ONE, Netid.TCP), 2, wants(true, false))).isEqualTo(Stat.NLM4_GRANTED);
        lockd.close();
        state.close();
        start();
        assertThat(call(clientAt(TWO, Netid.TCP), 2, wants(true, false))).isEqualTo(Stat.NLM4_DENIED_GRACE_PERIOD);
        StatChge change = notified.poll(10, TimeUnit.SECONDS);
        assertThat(change).isEqualTo(new StatChge("127.0.0.1", 3));
        assertThat(callers.poll(10, TimeUnit.SECONDS)).isEqualTo(SERVICE);
        assertThat(call(clientAt(ONE, Netid.TCP), 2, wants(false, true))).isEqualTo(Stat.NLM4_GRANTED);
        await().until(() -> lockd.hosts().stream().noneMatch(host -> host.unnotified()));
        assertThat(lockd.grace()).hasSize(1).allMatch(row -> !row.remaining().isZero() && row.awaited() == 1);
    }

    @Test
    void aRemovedAddressTakesItsLocksAlong() throws Exception {
        assertThat(call(clientAt(ONE, Netid.TCP), 2, wants(true, false))).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(targets.files.open).isOne();
        lockd.addressListener().addressRemoved(SERVICE);
        assertThat(lockd.locks(LockFilter.ALL)).isEmpty();
        assertThat(targets.files.open).isZero();
        assertThat(directory.resolve("lockd/127.0.0.1/monitored/127.0.0.2")).exists();
    }
}
