package io.mooring.sunrpc.internal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcServerOptions;
import io.mooring.sunrpc.RpcServerOptions.Limits;
import io.mooring.sunrpc.RpcTransport;
import io.mooring.sunrpc.internal.NoLeaks;
import io.mooring.sunrpc.internal.transport.EventLoops;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(names = {"EPOLL", "NIO"})
@ExtendWith(NoLeaks.class)
class TransportLifeTest {
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

    private RpcServerOptions on(int tcpPort, List<java.net.InetAddress> addresses) {
        return new RpcServerOptions("nfsd", rig.program.programs(), addresses, tcpPort, -1, Limits.defaults());
    }

    @Test
    void anUnusedConnectionIsClosedByTheSecondPass() throws Exception {
        Duration period = Limits.defaults().idleTimeout();
        try (RawConnection unused = rig.connect(Rig.ONE);
                RawConnection used = rig.connect(Rig.ONE);
                RawConnection busy = rig.connect(Rig.ONE)) {
            busy.sendCall(1, TestProgram.GATED_COUNT, new byte[4]);
            await().until(() -> rig.program.begun.get() == 1);
            await().until(() -> rig.server.statistics().accepted() == 3);
            rig.tick(period);
            used.sendCall(1, 0, new byte[0]);
            used.receive();
            rig.tick(period);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(unused::read)
                    .withMessageContaining("reset");
            used.sendCall(2, 0, new byte[0]);
            assertThat(used.receive().readInt()).isEqualTo(2);
            rig.program.gate.release();
            assertThat(busy.receive().readInt()).isEqualTo(1);
            assertThat(rig.server.statistics().closedIdle()).isEqualTo(1);
        }
    }

    @Test
    void closingEndsTheTimers() {
        assertThat(rig.timers).hasSize(2);
        rig.server.close();
        assertThat(rig.timers).isEmpty();
    }

    @Test
    void transportsSayWhatTheyCarried() throws Exception {
        try (RawConnection connection = rig.connect(Rig.TWO)) {
            byte[] call = RawConnection.call(1, 3, 0, new byte[0]);
            connection.send(call);
            connection.receive();
            await().until(() -> rig.server.transports().get(1).bytesOut() > 0);
            List<RpcTransport> transports = rig.server.transports();
            assertThat(transports).hasSize(2);
            assertThat(transports.get(0).kind()).isEqualTo(RpcTransport.Kind.PERMANENT);
            assertThat(transports.get(0).local().getPort()).isEqualTo(rig.server.tcpPort());
            RpcTransport accepted = transports.get(1);
            assertThat(accepted.kind()).isEqualTo(RpcTransport.Kind.TEMPORARY);
            assertThat(accepted.netid()).isEqualTo(Netid.TCP);
            assertThat(accepted.local()).isEqualTo(new InetSocketAddress(Rig.TWO, rig.server.tcpPort()));
            assertThat((SocketAddress) accepted.remote()).isEqualTo(connection.socket.getLocalSocketAddress());
            assertThat(accepted.calls()).isEqualTo(1);
            assertThat(accepted.bytesIn()).isEqualTo(4 + call.length);
            assertThat(accepted.bytesOut()).isEqualTo(4 + 24);
            assertThat(accepted.lastUsed()).isAfterOrEqualTo(accepted.opened().minusMillis(1));
        }
        await().until(() -> rig.server.transports().size() == 1);
    }

    @Test
    void aPortInUseIsNamed() {
        int port = rig.server.tcpPort();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> rig.open(on(port, List.of())))
                .withMessage("nfsd: cannot listen on TCP port " + port
                        + " (Address already in use): stop the other server or choose another port");
    }

    @Test
    void aSecondAddressInUseLeavesNothingOpen() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 5, Rig.TWO)) {
            port = taken.getLocalPort();
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> rig.open(on(port, List.of(Rig.ONE, Rig.TWO))))
                    .withMessageContaining("TCP port " + port + " of 127.0.0.2 (Address already in use)");
        }
        try (NettyRpcServer both = rig.open(on(port, List.of(Rig.ONE, Rig.TWO)))) {
            assertThat(both.transports()).hasSize(2);
            assertThat(both.tcpPort()).isEqualTo(port);
        }
    }

    @Test
    void anAddressThatIsNotHereIsNamed() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> rig.open(on(0, List.of(Rig.address("192.0.2.1")))))
                .withMessageContaining("192.0.2.1")
                .withMessageContaining("check the addresses");
    }

    @Test
    void aTickleMayBindThePortOfTheListener() throws Exception {
        try (SocketChannel tickle = SocketChannel.open()) {
            tickle.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            tickle.bind(new InetSocketAddress(Rig.TWO, rig.server.tcpPort()));
        }
    }

    @Test
    void aUdpReplyComesFromTheAddressThatWasCalled() throws Exception {
        rig.server.addressAdded(Rig.ONE);
        rig.server.addressAdded(Rig.TWO);
        assertThat(rig.server.udpPort()).isEqualTo(rig.server.tcpPort());
        byte[] call = RawConnection.call(1, 3, 0, new byte[0]);
        for (var address : List.of(Rig.ONE, Rig.TWO)) {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.setSoTimeout(20_000);
                socket.send(new DatagramPacket(call, call.length, address, rig.server.udpPort()));
                DatagramPacket reply = new DatagramPacket(new byte[100], 100);
                socket.receive(reply);
                assertThat(reply.getAddress()).isEqualTo(address);
            }
        }
    }

    @Test
    void datagramsThatAreNoCallsAreCountedAndDropped() throws Exception {
        rig.server.addressAdded(Rig.ONE);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(new byte[5], 5, Rig.ONE, rig.server.udpPort()));
        }
        await().until(() -> rig.server.statistics().badRecords() == 1);
        assertThat(rig.server.transports()).hasSize(2);
    }

    @Test
    void aUdpReplyThatFitsNoDatagramIsDroppedAndCounted() throws Exception {
        rig.server.addressAdded(Rig.ONE);
        try (DatagramSocket socket = new DatagramSocket()) {
            byte[] call = RawConnection.call(1, 3, TestProgram.READ, RawConnection.integer(70_000));
            socket.send(new DatagramPacket(call, call.length, Rig.ONE, rig.server.udpPort()));
            await().until(() -> rig.server.statistics().rpcErrors() == 1);
            await().until(() -> rig.server.statistics().bytesInFlight() == 0);
        }
    }

    @Test
    void aUdpPortInUseIsNoReasonToFail() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(rig.server.tcpPort(), Rig.TWO)) {
            rig.server.addressAdded(Rig.TWO);
            assertThat(rig.server.transports()).hasSize(1);
            assertThat(taken.isBound()).isTrue();
        }
        rig.server.addressAdded(Rig.TWO);
        assertThat(rig.server.transports()).hasSize(2);
    }

    @Test
    void idsAreUnique() throws Exception {
        rig.server.addressAdded(Rig.ONE);
        try (RawConnection one = rig.connect(Rig.ONE);
                RawConnection two = rig.connect(Rig.ONE)) {
            await().until(() -> rig.server.transports().size() == 4);
            Set<Long> ids =
                    rig.server.transports().stream().map(RpcTransport::id).collect(Collectors.toSet());
            assertThat(ids).hasSize(4);
            assertThat(one.socket.isConnected() && two.socket.isConnected()).isTrue();
        }
    }
}
