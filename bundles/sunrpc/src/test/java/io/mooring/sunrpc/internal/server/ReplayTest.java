package io.mooring.sunrpc.internal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mooring.sunrpc.RpcServerOptions.Limits;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.internal.NoLeaks;
import io.mooring.sunrpc.internal.transport.EventLoops;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Arrays;
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
class ReplayTest {
    private static final byte[] ARGUMENTS = {0, 0, 0, 9};

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

    private static int result(XdrReader reply) throws Exception {
        reply.readFixedOpaque(24);
        return reply.readInt();
    }

    @Test
    void aRetransmissionFromAnotherPortGetsTheFirstReply() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (RawConnection connection = rig.connect(Rig.ONE)) {
                connection.sendCall(1, TestProgram.COUNT, ARGUMENTS);
                assertThat(result(connection.receive())).isEqualTo(1);
            }
        }
        assertThat(rig.program.count).hasValue(1);
        assertThat(rig.server.statistics().replays()).isEqualTo(2);
    }

    @Test
    void anotherXidVersionOrArgumentIsAnotherCall() throws Exception {
        try (RawConnection connection = rig.connect(Rig.ONE)) {
            connection.sendCall(1, TestProgram.COUNT, ARGUMENTS);
            assertThat(result(connection.receive())).isEqualTo(1);
            connection.sendCall(2, TestProgram.COUNT, ARGUMENTS);
            assertThat(result(connection.receive())).isEqualTo(2);
            connection.send(RawConnection.call(1, 5, TestProgram.COUNT, ARGUMENTS));
            assertThat(result(connection.receive())).isEqualTo(3);
            connection.sendCall(1, TestProgram.COUNT, new byte[] {0, 0, 0, 8});
            assertThat(result(connection.receive())).isEqualTo(4);
            connection.sendCall(1, TestProgram.COUNT, Arrays.copyOf(ARGUMENTS, 8));
            assertThat(result(connection.receive())).isEqualTo(5);
        }
    }

    @Test
    void anotherClientsCallIsAnotherCall() throws Exception {
        InetSocketAddress remote = new InetSocketAddress(Rig.ONE, rig.server.tcpPort());
        try (RawConnection one = new RawConnection(new InetSocketAddress(Rig.ONE, 0), remote);
                RawConnection two = new RawConnection(new InetSocketAddress(Rig.TWO, 0), remote)) {
            one.sendCall(1, TestProgram.COUNT, ARGUMENTS);
            assertThat(result(one.receive())).isEqualTo(1);
            two.sendCall(1, TestProgram.COUNT, ARGUMENTS);
            assertThat(result(two.receive())).isEqualTo(2);
        }
    }

    @Test
    void aReconnectedClientGetsTheReplyOfTheCallUnderWay() throws Exception {
        try (RawConnection second = rig.connect(Rig.ONE)) {
            try (RawConnection first = rig.connect(Rig.ONE)) {
                first.sendCall(1, TestProgram.GATED_COUNT, ARGUMENTS);
                await().until(() -> rig.program.begun.get() == 1);
            }
            second.sendCall(1, TestProgram.GATED_COUNT, ARGUMENTS);
            await().until(() -> rig.server.statistics().callsInFlight() == 2);
            rig.program.gate.release();
            assertThat(result(second.receive())).isEqualTo(1);
        }
        assertThat(rig.program.begun).hasValue(1);
        await().until(() -> rig.server.statistics().callsInFlight() == 0);
    }

    @Test
    void aDuplicateOfACallUnderWayIsDropped() throws Exception {
        try (RawConnection connection = rig.connect(Rig.ONE)) {
            connection.sendCall(1, TestProgram.GATED_COUNT, ARGUMENTS);
            connection.sendCall(1, TestProgram.GATED_COUNT, ARGUMENTS);
            connection.sendCall(2, 0, new byte[0]);
            assertThat(connection.receive().readInt()).isEqualTo(2);
            await().until(() -> rig.server.statistics().callsInFlight() == 1);
            rig.program.gate.release(2);
            assertThat(result(connection.receive())).isEqualTo(1);
            connection.sendCall(3, 0, new byte[0]);
            assertThat(connection.receive().readInt()).isEqualTo(3);
        }
        assertThat(rig.program.count).hasValue(1);
    }

    @Test
    void aCallStillQueuedWhenItsConnectionEndsIsExecutedForTheNewOne() throws Exception {
        try (RawConnection blocker = rig.connect(Rig.ONE);
                RawConnection otherBlocker = rig.connect(Rig.ONE);
                RawConnection second = rig.connect(Rig.ONE)) {
            int workers = Limits.defaults().workers();
            for (int i = 0; i < workers; i++) {
                RawConnection one = i < workers / 2 ? blocker : otherBlocker;
                one.sendCall(100 + i, TestProgram.GATED_COUNT, ARGUMENTS);
            }
            await().until(() -> rig.program.begun.get() == workers);
            try (RawConnection first = rig.connect(Rig.ONE)) {
                first.sendCall(1, TestProgram.GATED_COUNT, ARGUMENTS);
                await().until(() -> rig.server.statistics().callsInFlight() == workers + 1);
            }
            await().until(() -> rig.server.transports().size() == 4);
            second.sendCall(1, TestProgram.GATED_COUNT, ARGUMENTS);
            await().until(() -> rig.server.statistics().callsInFlight() == workers + 2);
            rig.program.gate.release(workers + 1);
            assertThat(result(second.receive())).isBetween(1, workers + 1);
            assertThat(rig.program.begun).hasValue(workers + 1);
        }
        await().until(() -> rig.server.statistics().callsInFlight() == 0);
    }

    @Test
    void aCallThatFailedIsExecutedAgain() throws Exception {
        try (RawConnection connection = rig.connect(Rig.ONE)) {
            for (int i = 0; i < 2; i++) {
                connection.sendCall(1, TestProgram.FAIL, ARGUMENTS);
                connection.receive();
            }
        }
        assertThat(rig.server.statistics().procedures())
                .singleElement()
                .satisfies(row -> assertThat(row.calls()).isEqualTo(2));
    }

    @Test
    void aDatagramFromAnotherPortGetsTheFirstReplyToo() throws Exception {
        rig.server.addressAdded(Rig.ONE);
        byte[] call = RawConnection.call(1, 3, TestProgram.COUNT, ARGUMENTS);
        for (int i = 0; i < 2; i++) {
            try (DatagramSocket socket = new DatagramSocket(0, Rig.ONE)) {
                socket.setSoTimeout(20_000);
                socket.send(new DatagramPacket(call, call.length, Rig.ONE, rig.server.udpPort()));
                DatagramPacket reply = new DatagramPacket(new byte[100], 100);
                socket.receive(reply);
                assertThat(result(XdrReader.of(Arrays.copyOf(reply.getData(), reply.getLength()))))
                        .isEqualTo(1);
            }
        }
        assertThat(rig.program.count).hasValue(1);
    }
}
