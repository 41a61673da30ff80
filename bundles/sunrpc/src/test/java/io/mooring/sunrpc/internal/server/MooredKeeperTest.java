package io.mooring.sunrpc.internal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.mooring.sunrpc.KeptReply;
import io.mooring.sunrpc.MooredAddress;
import io.mooring.sunrpc.RpcTransport;
import io.mooring.sunrpc.RpcTransport.Kind;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.internal.NoLeaks;
import io.mooring.sunrpc.internal.transport.EventLoops;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a keeper is asked, and what its address remembers of replies. */
@ParameterizedClass
@EnumSource(names = {"EPOLL", "NIO"})
@ExtendWith(NoLeaks.class)
class MooredKeeperTest {
    private static final byte[] ARGUMENTS = {0, 0, 0, 9};

    @Parameter
    EventLoops.Kind kind;

    private final TestKeeper keeper = new TestKeeper();
    private Rig rig;
    private MooredAddress moored;

    @BeforeEach
    void open() {
        rig = new Rig(kind);
        moored = rig.server.moor(Rig.TWO, keeper);
        moored.open();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static int result(XdrReader reply) throws Exception {
        reply.readFixedOpaque(24);
        return reply.readInt();
    }

    private int call(java.net.InetAddress to, int xid, int procedure) throws Exception {
        try (RawConnection connection = rig.connect(to)) {
            connection.sendCall(xid, procedure, ARGUMENTS);
            return result(connection.receive());
        }
    }

    private void awaitEnd() {
        await().until(() -> rig.server.statistics().callsInFlight() == 0 && moored.callsUnderWay() == 0);
    }

    /** Neither a reply nor silence, of which the client would see the end a minute later. */
    private void expectReset(RawConnection connection) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(connection::read)
                .withMessageContaining("reset");
        awaitEnd();
        keeper.serves = () -> true;
    }

    @Test
    void whoMayNotServeExecutesNothing() throws Exception {
        keeper.serves = () -> false;
        try (RawConnection connection = rig.connect(Rig.TWO);
                RawConnection second = rig.connect(Rig.TWO)) {
            connection.sendCall(1, TestProgram.COUNT, ARGUMENTS);
            second.sendCall(2, TestProgram.HOOKED_KEPT_COUNT, ARGUMENTS);
            await().until(() -> keeper.asked.get() == 2);
            expectReset(connection);
            expectReset(second);
        }
        assertThat(rig.program.count).hasValue(0);
        assertThat(call(Rig.TWO, 1, TestProgram.COUNT)).isEqualTo(1);
        assertThat(call(Rig.TWO, 2, TestProgram.HOOKED_KEPT_COUNT)).isEqualTo(2);
    }

    /** While it waits in the hook. */
    private RawConnection callUnderWay(int xid, int procedure) throws Exception {
        int before = rig.program.begun.get();
        RawConnection connection = rig.connect(Rig.TWO);
        connection.sendCall(xid, procedure, ARGUMENTS);
        await().until(() -> rig.program.begun.get() == before + 1);
        return connection;
    }

    private void waitInTheHook() {
        rig.program.hook = () -> {
            rig.program.begun.incrementAndGet();
            rig.program.gate.acquireUninterruptibly();
        };
    }

    @Test
    void whatWasDoneIsKeptThoughItsReplyMayNotBeSent() throws Exception {
        waitInTheHook();
        for (int procedure : List.of(TestProgram.GATED_COUNT, TestProgram.HOOKED_KEPT_COUNT)) {
            int before = rig.program.count.get();
            try (RawConnection connection = callUnderWay(1, procedure);
                    RawConnection second = rig.connect(Rig.TWO)) {
                second.sendCall(1, procedure, ARGUMENTS);
                await().until(() -> rig.server.statistics().callsInFlight() == 2);
                keeper.serves = () -> false;
                rig.program.gate.release();
                expectReset(connection);
                expectReset(second);
            }
            assertThat(call(Rig.TWO, 1, procedure)).isEqualTo(before + 1);
            assertThat(rig.program.count).as("once").hasValue(before + 1);
        }
        assertThat(keeper.kept)
                .singleElement()
                .extracting(KeptReply::procedure)
                .isEqualTo(TestProgram.HOOKED_KEPT_COUNT);
        assertThat(moored.kept()).isEqualTo(keeper.kept);
    }

    @Test
    void whereTheAddressIsHeldNothingIsSentBeforeItIsOpened() throws Exception {
        waitInTheHook();
        try (RawConnection connection = callUnderWay(1, TestProgram.HOOKED_KEPT_COUNT)) {
            // As a keeper does that learns that another node has the address.
            keeper.serves = () -> {
                var unused = moored.hold();
                return false;
            };
            rig.program.gate.release();
            awaitEnd();
            rig.settle();
            assertThat(rig.server.transports())
                    .as("not even a reset")
                    .extracting(RpcTransport::kind)
                    .contains(Kind.TEMPORARY);
            moored.open();
            expectReset(connection);
        }
        assertThat(call(Rig.TWO, 1, TestProgram.HOOKED_KEPT_COUNT)).isEqualTo(1);
    }

    @Test
    void whoMayNotServeDoesNotRepeatAReplyEither() throws Exception {
        call(Rig.TWO, 1, TestProgram.COUNT);
        keeper.serves = () -> false;
        try (RawConnection connection = rig.connect(Rig.TWO)) {
            connection.sendCall(1, TestProgram.COUNT, ARGUMENTS);
            await().until(() -> keeper.asked.get() == 2);
            expectReset(connection);
        }
        assertThat(call(Rig.TWO, 1, TestProgram.COUNT)).isEqualTo(1);
    }

    @Test
    void afterAFailureItIsAskedLikewise() throws Exception {
        keeper.serves = () -> keeper.asked.get() != 2;
        try (RawConnection connection = rig.connect(Rig.TWO)) {
            connection.sendCall(1, TestProgram.FAIL, ARGUMENTS);
            await().until(() -> keeper.asked.get() == 2);
            expectReset(connection);
        }
    }

    @Test
    void workersAskTwiceAndEventLoopsOnce() throws Exception {
        call(Rig.TWO, 1, TestProgram.COUNT);
        assertThat(keeper.asked).hasValue(1);
        call(Rig.TWO, 2, TestProgram.HOOKED);
        assertThat(keeper.asked).hasValue(3);
        call(Rig.ONE, 3, TestProgram.HOOKED);
        assertThat(keeper.asked).hasValue(3);
    }

    @Test
    void aKeeperThatFailsMayNotServe() throws Exception {
        keeper.serves = () -> {
            throw new IllegalStateException("as the test wants");
        };
        try (RawConnection connection = rig.connect(Rig.TWO);
                RawConnection second = rig.connect(Rig.TWO)) {
            connection.sendCall(1, TestProgram.COUNT, ARGUMENTS);
            await().until(() -> keeper.asked.get() == 1);
            expectReset(connection);
            keeper.keeps = reply -> {
                throw new IllegalStateException("as the test wants");
            };
            second.sendCall(2, TestProgram.KEPT_COUNT, ARGUMENTS);
            await().until(() -> rig.program.count.get() == 1);
            expectReset(second);
        }
    }

    @Test
    void anAddressHasItsOwnReplies() throws Exception {
        for (int procedure : List.of(TestProgram.COUNT, TestProgram.KEPT_COUNT)) {
            rig.program.count.set(0);
            for (int i = 0; i < 2; i++) {
                assertThat(call(Rig.ONE, 1, procedure)).isEqualTo(1);
                assertThat(call(Rig.TWO, 1, procedure)).isEqualTo(2);
            }
        }
        moored.forget();
        assertThat(call(Rig.TWO, 1, TestProgram.COUNT)).isEqualTo(3);
        assertThat(call(Rig.ONE, 1, TestProgram.COUNT)).isEqualTo(1);
        assertThat(moored.kept()).isEmpty();
    }

    @Test
    void repliesAreKeptWhereTheProcedureSaysSo() throws Exception {
        call(Rig.TWO, 1, TestProgram.COUNT);
        call(Rig.TWO, 2, TestProgram.KEPT_COUNT);
        call(Rig.TWO, 3, TestProgram.HOOKED_KEPT_COUNT);
        call(Rig.TWO, 4, TestProgram.HOOKED);
        call(Rig.ONE, 5, TestProgram.KEPT_COUNT);
        assertThat(moored.kept())
                .isEqualTo(keeper.kept)
                .extracting(KeptReply::xid)
                .containsExactly(2, 3);
        call(Rig.TWO, 2, TestProgram.KEPT_COUNT);
        assertThat(moored.kept()).extracting(KeptReply::xid).containsExactly(3, 2);
        assertThat(keeper.kept).hasSize(2);
        KeptReply first = keeper.kept.get(0);
        assertThat(first.client()).isEqualTo(Rig.ONE);
        assertThat(first.program()).isEqualTo(TestProgram.NUMBER);
        assertThat(first.version()).isEqualTo(3);
        assertThat(first.procedure()).isEqualTo(TestProgram.KEPT_COUNT);
        assertThat(first.argumentBytes()).isEqualTo(4);
        XdrReader reply = XdrReader.of(first.reply());
        assertThat(reply.readInt()).isEqualTo(2);
        assertThat(result(XdrReader.of(first.reply()))).isEqualTo(2);
        assertThat(first.reply()).hasSize(28);
    }

    @Test
    void theNextOneAnswersWithWhatWasKept() throws Exception {
        int first = call(Rig.TWO, 2, TestProgram.KEPT_COUNT);
        List<KeptReply> kept = moored.kept();
        moored.close();
        moored = rig.server.moor(Rig.TWO, keeper);
        kept.forEach(moored::restore);
        moored.open();
        for (int i = 0; i < 2; i++) {
            assertThat(call(Rig.TWO, 2, TestProgram.KEPT_COUNT)).isEqualTo(first);
        }
        assertThat(call(Rig.TWO, 3, TestProgram.KEPT_COUNT)).isEqualTo(first + 1);
        assertThat(moored.kept()).extracting(KeptReply::xid).containsExactly(2, 3);
        assertThat(rig.server.statistics().replays()).isEqualTo(2);
    }

    @Test
    void aDatagramIsAnsweredWithWhatCameByTcp() throws Exception {
        rig.server.addressAdded(Rig.TWO);
        int first = call(Rig.TWO, 2, TestProgram.KEPT_COUNT);
        byte[] call = RawConnection.call(2, 3, TestProgram.KEPT_COUNT, ARGUMENTS);
        // From the address that a connection to a loopback address comes from.
        try (DatagramSocket socket = new DatagramSocket(0, keeper.kept.get(0).client())) {
            socket.setSoTimeout(20_000);
            socket.send(new DatagramPacket(call, call.length, Rig.TWO, rig.server.udpPort()));
            DatagramPacket reply = new DatagramPacket(new byte[100], 100);
            socket.receive(reply);
            assertThat(result(XdrReader.of(Arrays.copyOf(reply.getData(), reply.getLength()))))
                    .isEqualTo(first);
        }
    }

    @Test
    void aReplyThatCannotBeKeptIsNotSent() throws Exception {
        keeper.keeps = reply -> false;
        for (int procedure : List.of(TestProgram.KEPT_COUNT, TestProgram.HOOKED_KEPT_COUNT)) {
            rig.program.count.set(0);
            for (int count = 1; count <= 2; count++) {
                int expected = count;
                try (RawConnection connection = rig.connect(Rig.TWO)) {
                    connection.sendCall(1, procedure, ARGUMENTS);
                    await().until(() -> rig.program.count.get() == expected);
                    expectReset(connection);
                    assertThat(moored.kept()).isEmpty();
                }
            }
        }
    }

    @Test
    void aReplyIsKeptBeforeItIsSent() throws Exception {
        Semaphore mayKeep = new Semaphore(0);
        keeper.keeps = reply -> {
            try {
                return mayKeep.tryAcquire(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        try (RawConnection connection = rig.connect(Rig.TWO);
                RawConnection second = rig.connect(Rig.TWO)) {
            connection.sendCall(1, TestProgram.HOOKED_KEPT_COUNT, ARGUMENTS);
            await().until(() -> rig.program.count.get() == 1);
            second.sendCall(1, TestProgram.HOOKED_KEPT_COUNT, ARGUMENTS);
            await().until(() -> rig.server.statistics().callsInFlight() == 2);
            // Whoever writes down all that is kept finds it.
            await().until(() -> moored.kept().size() == 1);
            for (RawConnection one : List.of(connection, second)) {
                one.sendCall(2, 0, new byte[0]);
                assertThat(one.receive().readInt()).isEqualTo(2);
            }
            await().until(() -> moored.callsUnderWay() == 1);
            mayKeep.release();
            assertThat(result(connection.receive())).isEqualTo(1);
            assertThat(result(second.receive())).isEqualTo(1);
        }
        assertThat(rig.program.count).hasValue(1);
        awaitEnd();
    }
}
