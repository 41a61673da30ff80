package io.mooring.sunrpc.internal.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.mooring.posix.SockDiag.TcpSocket;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcTransport;
import io.mooring.sunrpc.internal.NoLeaks;
import io.mooring.sunrpc.internal.transport.AddressKey;
import io.mooring.sunrpc.internal.transport.EventLoops;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(names = {"EPOLL", "NIO"})
@ExtendWith(NoLeaks.class)
class AddressRemovalTest {
    @Parameter
    EventLoops.Kind kind;

    private Rig rig;

    @BeforeEach
    void open() {
        rig = new Rig(kind);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private long temporary(InetAddress local) {
        return rig.server.transports().stream()
                .filter(t -> t.kind() == RpcTransport.Kind.TEMPORARY)
                .filter(t -> t.local().getAddress().equals(local))
                .count();
    }

    private RawConnection connected(InetAddress to) throws Exception {
        RawConnection connection = rig.connect(to);
        connection.sendCall(1, 0, new byte[0]);
        connection.receive();
        return connection;
    }

    private static void expectReset(RawConnection connection) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(connection::read)
                .withMessageContaining("reset");
    }

    private static void expectAlive(RawConnection connection) throws Exception {
        connection.sendCall(2, 0, new byte[0]);
        assertThat(connection.receive().readInt()).isEqualTo(2);
    }

    @Test
    void onlyTheConnectionsOfThatAddressAreResetAtOnce() throws Exception {
        try (RawConnection one = connected(Rig.ONE);
                RawConnection two = connected(Rig.TWO);
                RawConnection again = connected(Rig.TWO)) {
            assertThat(rig.server.closeTransports(Rig.TWO)).isEqualTo(2);
            assertThat(temporary(Rig.TWO)).isZero();
            expectReset(two);
            expectReset(again);
            expectAlive(one);
            assertThat(rig.server.statistics().closedByAddress()).isEqualTo(2);
            assertThat(rig.server.closeTransports(Rig.TWO)).isZero();
        }
    }

    /** Lines of /proc/net/tcp and tcp6 with this local address and the server's port, but for LISTEN and TIME_WAIT. */
    private List<String> kernelSockets(String hexAddress) throws IOException {
        String local = " %s:%04X ".formatted(hexAddress, rig.server.tcpPort());
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("/proc/net/tcp")));
        if (Files.exists(Path.of("/proc/net/tcp6"))) {
            lines.addAll(Files.readAllLines(Path.of("/proc/net/tcp6")));
        }
        return lines.stream()
                .filter(line -> line.contains(": " + local.strip() + " ") && !line.matches(".* (06|0A) .*"))
                .toList();
    }

    @Test
    void theKernelHasNoSocketLeftWhenTheCallReturns() throws Exception {
        String mappedTwo = "0000000000000000FFFF00000200007F";
        List<RawConnection> connections = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            RawConnection connection =
                    new RawConnection(null, new InetSocketAddress(Rig.TWO, rig.server.tcpPort()), 4096);
            connections.add(connection);
            for (int n = 0; n < 10; n++) {
                connection.sendCall(n, TestProgram.READ, RawConnection.integer(1 << 20));
            }
        }
        // The kernel's own buffers are full, and ours hold what did not fit.
        await().until(() -> rig.server.statistics().bytesInFlight() > 10 << 20);
        await().until(() -> rig.server.statistics().accepted() == 10);
        await().until(() -> kernelSockets(mappedTwo).size() == 10);
        assertThat(rig.server.closeTransports(Rig.TWO)).isEqualTo(10);
        assertThat(kernelSockets(mappedTwo)).isEmpty();
        for (RawConnection connection : connections) {
            connection.close();
        }
    }

    @Test
    void mappedAddressesAreIpv4() throws Exception {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 127, 0, 0, 2};
        try (RawConnection two = connected(Rig.TWO)) {
            assertThat(rig.server.closeTransports(Inet6Address.getByAddress(null, mapped, -1)))
                    .isEqualTo(1);
            expectReset(two);
        }
    }

    @Test
    void ipv6GoesTheSameWay() throws Exception {
        Assumptions.assumeTrue(NetworkInterface.getByInetAddress(Rig.SIX) != null, "no IPv6 here");
        try (RawConnection one = connected(Rig.ONE);
                RawConnection six = connected(Rig.SIX)) {
            assertThat(rig.server.closeTransports(Rig.SIX)).isEqualTo(1);
            expectReset(six);
            expectAlive(one);
        }
    }

    @Test
    void linkLocalAddressesDifferByTheirScope() throws Exception {
        byte[] bytes = {(byte) 0xfe, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
        AddressKey first = AddressKey.of(Inet6Address.getByAddress(null, bytes, 1));
        AddressKey second = AddressKey.of(Inet6Address.getByAddress(null, bytes, 2));
        assertThat(first).isNotEqualTo(second).isEqualTo(AddressKey.of(Inet6Address.getByAddress(null, bytes, 1)));
    }

    @Test
    void unsentRepliesAreDropped() throws Exception {
        RawConnection lazy = new RawConnection(null, new InetSocketAddress(Rig.TWO, rig.server.tcpPort()), 4096);
        try (lazy) {
            for (int xid = 0; xid < 20; xid++) {
                lazy.sendCall(xid, TestProgram.READ, RawConnection.integer(1 << 20));
            }
            await().until(() -> rig.server.statistics().bytesInFlight() > 4 << 20);
            assertThat(rig.server.closeTransports(Rig.TWO)).isEqualTo(1);
            await().until(() -> rig.server.statistics().bytesInFlight() == 0);
            assertThat(rig.server.statistics().callsInFlight()).isZero();
        }
    }

    @Test
    void connectionsToARemovedAddressAreResetUntilItIsBack() throws Exception {
        rig.server.closeTransports(Rig.TWO);
        // The reset may come before connect() returns.
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> {
                    try (RawConnection late = rig.connect(Rig.TWO)) {
                        late.read();
                    }
                })
                .withMessageContaining("reset");
        rig.server.addressAdded(Rig.TWO);
        try (RawConnection back = connected(Rig.TWO)) {
            expectAlive(back);
        }
    }

    @Test
    void anAddressThatIsSeenOnTheHostIsServedAgain() throws Exception {
        rig.server.closeTransports(Rig.TWO);
        rig.present.add(AddressKey.of(Rig.TWO));
        try (RawConnection back = connected(Rig.TWO)) {
            expectAlive(back);
        }
    }

    @Test
    void aClientThatIsFasterThanTheNewsOfTheAddressStays() throws Exception {
        rig.server.closeTransports(Rig.TWO);
        rig.present.add(AddressKey.of(Rig.TWO));
        try (RawConnection fast = connected(Rig.TWO)) {
            // Connected, and not accepted yet.
            rig.kernel.add(socket(Rig.TWO, 1001, TcpSocket.ESTABLISHED));
            rig.kernel.add(socket(Rig.TWO, 1002, TcpSocket.SYN_RECV));
            rig.server.addressAdded(Rig.TWO);
            expectAlive(fast);
        }
        assertThat(rig.destroyed).isEmpty();
    }

    @Test
    void anAddressThatComesLosesItsOrphans() {
        for (int state : new int[] {TcpSocket.FIN_WAIT1, TcpSocket.FIN_WAIT2, TcpSocket.CLOSING, TcpSocket.LAST_ACK}) {
            rig.kernel.add(socket(Rig.TWO, 1000 + state, state));
        }
        rig.kernel.add(socket(Rig.ONE, 1100, TcpSocket.FIN_WAIT1));
        rig.server.addressAdded(Rig.TWO);
        assertThat(rig.destroyed).hasSize(4);
        assertThat(rig.kernel)
                .extracting(TcpSocket::local)
                .containsOnly(socket(Rig.ONE, 1100, 0).local());
    }

    @Test
    void clientTransportsOfTheAddressAreClosedAndComeBack() throws Exception {
        InetSocketAddress remote = new InetSocketAddress(Rig.ONE, rig.server.tcpPort());
        RpcClientOptions o = RpcClientOptions.of(Netid.TCP, remote);
        try (RpcClient client = rig.server.openClient(new RpcClientOptions(
                o.remote(),
                new InetSocketAddress(Rig.TWO, 0),
                o.netid(),
                o.credential(),
                o.timeout(),
                o.retransmission()))) {
            assertThat(Rig.echoes(client)).isTrue();
            Future<Integer> pending = client.call(
                    TestProgram.NUMBER, 3, TestProgram.GATED_COUNT, (n, w) -> w.writeInt(n), 1, r -> r.readInt());
            await().until(() -> rig.program.begun.get() == 1);
            assertThat(rig.server.closeTransports(Rig.TWO)).isEqualTo(1);
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> pending.get(20, SECONDS))
                    .withCauseInstanceOf(IOException.class);
            assertThat(rig.server.transports()).noneMatch(t -> t.kind() == RpcTransport.Kind.CLIENT);
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> Rig.echoes(client))
                    .withMessageContaining("was removed");
            rig.server.addressAdded(Rig.TWO);
            assertThat(Rig.echoes(client)).isTrue();
        }
    }

    @Test
    void theUdpSocketOfTheAddressIsClosedAndComesBack() throws Exception {
        rig.server.addressAdded(Rig.ONE);
        rig.server.addressAdded(Rig.TWO);
        rig.server.addressAdded(Rig.TWO);
        assertThat(rig.server.transports())
                .filteredOn(t -> t.netid() == Netid.UDP)
                .hasSize(2);
        assertThat(rig.server.closeTransports(Rig.TWO)).isEqualTo(1);
        assertThat(rig.server.transports())
                .filteredOn(t -> t.netid() == Netid.UDP)
                .hasSize(1);
        rig.server.addressAdded(Rig.TWO);
        try (RpcClient two = rig.client(Netid.UDP, Rig.TWO)) {
            assertThat(Rig.echoes(two)).isTrue();
        }
    }

    private TcpSocket socket(InetAddress local, int remotePort, int state) {
        return new TcpSocket(
                new InetSocketAddress(local, rig.server.tcpPort()),
                new InetSocketAddress(Rig.ONE, remotePort),
                state,
                0,
                remotePort,
                10,
                0);
    }

    @Test
    void whatTheKernelStillHasIsDestroyed() {
        rig.kernel.add(socket(Rig.TWO, 1, 4));
        rig.kernel.add(socket(Rig.TWO, 2, TcpSocket.ESTABLISHED));
        rig.kernel.add(socket(Rig.TWO, 3, TcpSocket.TIME_WAIT));
        rig.kernel.add(socket(Rig.TWO, 0, TcpSocket.LISTEN));
        rig.kernel.add(socket(Rig.ONE, 5, 4));
        rig.server.closeTransports(Rig.TWO);
        assertThat(rig.destroyed).extracting(TcpSocket::cookie).containsExactly(1L, 2L);
        assertThat(rig.kernel).hasSize(3);
    }

    @Test
    void whatMayNotBeDestroyedDoesNotHoldUp() {
        rig.mayDestroy = false;
        rig.kernel.add(socket(Rig.TWO, 1, 4));
        assertThat(rig.server.closeTransports(Rig.TWO)).isZero();
    }

    @Test
    void connectionsAcceptedSinceTheAddressIsBackAreSpared() throws Exception {
        try (RawConnection fresh = connected(Rig.TWO)) {
            AddressSweep sweep = new AddressSweep("test", rig.loops, rig.server.registry(), rig.environment.sockets());
            rig.kernel.add(socket(Rig.TWO, fresh.socket.getLocalPort(), TcpSocket.ESTABLISHED));
            assertThat(sweep.verify(AddressKey.of(Rig.TWO), rig.server.tcpPort(), List.of()))
                    .isZero();
            assertThat(rig.destroyed).isEmpty();
        }
    }

    @Test
    void onAnEventLoopItNeitherDeadlocksNorWaits() throws Exception {
        List<RawConnection> connections = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            connections.add(connected(Rig.TWO));
        }
        List<Future<Integer>> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            both.add(rig.loops.group().next().submit(() -> rig.server.closeTransports(Rig.TWO)));
        }
        int closed = 0;
        for (Future<Integer> one : both) {
            closed += one.get(20, SECONDS);
        }
        assertThat(closed).isGreaterThanOrEqualTo(8);
        for (RawConnection connection : connections) {
            expectReset(connection);
            connection.close();
        }
    }

    private void connectAndLeave(boolean close) {
        try {
            RawConnection connection = rig.connect(Rig.TWO);
            if (close) {
                connection.close();
            }
        } catch (IOException e) {
            // Reset before connect() looked at it.
            return;
        }
    }

    @Test
    void noConnectionAcceptedDuringTheRemovalSurvives() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger connects = new AtomicInteger();
        ExecutorService clients = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                running.add(clients.submit(() -> {
                    while (!stop.get()) {
                        connects.incrementAndGet();
                        connectAndLeave(connects.get() % 2 == 0);
                    }
                    return null;
                }));
            }
            for (int round = 1; round <= 10; round++) {
                int before = connects.get();
                await().until(() -> connects.get() > before + 20);
                rig.server.closeTransports(Rig.TWO);
                assertThat(temporary(Rig.TWO)).isZero();
                int after = connects.get();
                await().until(() -> connects.get() > after + 20);
                assertThat(temporary(Rig.TWO)).isZero();
                rig.server.addressAdded(Rig.TWO);
            }
            stop.set(true);
            for (Future<?> one : running) {
                one.get(20, SECONDS);
            }
        } finally {
            stop.set(true);
            clients.shutdownNow();
        }
    }

    @Test
    void closeAndAddressEventsMayRace() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            for (int round = 0; round < 15; round++) {
                List<RawConnection> connections = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    connections.add(connected(i % 2 == 0 ? Rig.ONE : Rig.TWO));
                }
                NettyRpcServer server = rig.server;
                List<Future<?>> running = new ArrayList<>();
                running.add(threads.submit(() -> server.closeTransports(Rig.ONE)));
                running.add(threads.submit(() -> server.closeTransports(Rig.TWO)));
                running.add(threads.submit(() -> server.addressAdded(Rig.TWO)));
                running.add(threads.submit(() -> server.addressAdded(Rig.ONE)));
                running.add(threads.submit(server::close));
                running.add(threads.submit(
                        () -> rig.loops.group().next().submit(server::close).get(20, SECONDS)));
                for (Future<?> one : running) {
                    one.get(20, SECONDS);
                }
                await().until(() -> server.transports().isEmpty());
                for (RawConnection connection : connections) {
                    expectReset(connection);
                    connection.close();
                }
                server.closeTransports(Rig.ONE);
                server.addressAdded(Rig.ONE);
                assertThat(server.transports()).isEmpty();
                assertThat(server.closeTransport(1)).isFalse();
                rig.close();
                rig = new Rig(kind);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void oneTransportIsClosedByItsId() throws Exception {
        try (RawConnection one = connected(Rig.ONE);
                RawConnection two = connected(Rig.ONE)) {
            long id = rig.server.transports().stream()
                    .filter(t -> t.remote() != null && t.remote().getPort() == two.socket.getLocalPort())
                    .findFirst()
                    .orElseThrow()
                    .id();
            assertThat(rig.server.closeTransport(id)).isTrue();
            expectReset(two);
            expectAlive(one);
            assertThat(rig.server.closeTransport(id)).isFalse();
        }
    }
}
