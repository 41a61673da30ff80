package io.mooring.sunrpc.internal.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.mooring.sunrpc.MooredAddress;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcServerOptions.Limits;
import io.mooring.sunrpc.RpcTransport;
import io.mooring.sunrpc.RpcTransport.Kind;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.internal.NoLeaks;
import io.mooring.sunrpc.internal.transport.EventLoops;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls of an address that is held, and of one that is opened. */
@ParameterizedClass
@EnumSource(names = {"EPOLL", "NIO"})
@ExtendWith(NoLeaks.class)
class MooredGateTest {
    private static final int MIB = 1 << 20;
    private static final int WORKERS = 4;

    @Parameter
    EventLoops.Kind kind;

    private final TestKeeper keeper = new TestKeeper();
    private Rig rig;

    @AfterEach
    void close() {
        rig.close();
    }

    private void openUnmoored() {
        Duration idle = Duration.ofMinutes(6);
        rig = new Rig(kind, new Limits(2 * MIB, 100, 256, 16 * MIB, 4096, 512L * MIB, WORKERS, idle, 100, MIB));
    }

    private MooredAddress open() {
        openUnmoored();
        return rig.server.moor(Rig.TWO, keeper);
    }

    /** Others are served, so that what is not could have been. */
    private void serveOthers() throws Exception {
        try (RpcClient other = rig.client(Netid.TCP, Rig.ONE)) {
            for (int i = 0; i < 5; i++) {
                assertThat(Rig.echoes(other)).isTrue();
            }
        }
        rig.settle();
    }

    private void gatedCalls(RawConnection connection, int from, int to) throws Exception {
        for (int xid = from; xid <= to; xid++) {
            connection.sendCall(xid, TestProgram.GATED_COUNT, RawConnection.integer(xid));
        }
    }

    /** The next reply is that of a call that is sent now. */
    private static void expectNothingBut(RawConnection connection, int xid) throws Exception {
        connection.sendCall(xid, 0, new byte[0]);
        assertThat(connection.receive().readInt()).isEqualTo(xid);
    }

    private static void expectReset(RawConnection connection) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(connection::read)
                .withMessageContaining("reset");
    }

    private long bytesReadFor(java.net.InetAddress local) {
        return rig.server.transports().stream()
                .filter(t -> t.local().getAddress().equals(local))
                .mapToLong(RpcTransport::bytesIn)
                .sum();
    }

    @Test
    void heldCallsAreLeftUnreadAndAnsweredInTheirOrderAfterwards() throws Exception {
        openUnmoored();
        try (RawConnection early = rig.connect(Rig.TWO)) {
            expectNothingBut(early, 1);
            long before = bytesReadFor(Rig.TWO);
            MooredAddress moored = rig.server.moor(Rig.TWO, keeper);
            rig.settle();
            try (RawConnection late = rig.connect(Rig.TWO)) {
                await().until(() -> rig.server.statistics().accepted() == 2);
                for (int xid = 2; xid <= 50; xid++) {
                    early.sendCall(xid, TestProgram.COUNT, RawConnection.integer(xid));
                    late.sendCall(xid + 100, TestProgram.COUNT, RawConnection.integer(xid));
                }
                serveOthers();
                assertThat(rig.program.count).hasValue(0);
                assertThat(bytesReadFor(Rig.TWO)).isEqualTo(before);
                moored.open();
                for (int xid = 2; xid <= 50; xid++) {
                    assertThat(early.receive().readInt()).isEqualTo(xid);
                    assertThat(late.receive().readInt()).isEqualTo(xid + 100);
                }
            }
        }
        assertThat(rig.program.count).hasValue(98);
    }

    @Test
    void holdWaitsForThoseThatRunAndEndsThoseThatWait() throws Exception {
        MooredAddress moored = open();
        moored.open();
        try (RawConnection connection = rig.connect(Rig.TWO);
                RawConnection other = rig.connect(Rig.TWO)) {
            // Three run, as many as one connection may have, and two are put off; of the other's, one runs and two are
            // queued.
            gatedCalls(connection, 1, 5);
            await().until(() -> rig.program.begun.get() == 3);
            gatedCalls(other, 11, 13);
            await().until(() -> rig.program.begun.get() == WORKERS
                    && rig.server.statistics().callsInFlight() == 8);
            assertThat(moored.callsUnderWay()).isEqualTo(WORKERS);
            CompletableFuture<Void> drained = moored.hold();
            assertThat(drained).isNotDone();
            rig.program.gate.release(WORKERS);
            drained.get(20, SECONDS);
            await().until(() -> moored.callsUnderWay() == 0);
            rig.program.gate.release(100);
            List<Integer> answered = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                answered.add(connection.receive().readInt());
            }
            assertThat(answered).doesNotHaveDuplicates().isSubsetOf(1, 2, 3, 4, 5);
            assertThat(other.receive().readInt()).isEqualTo(11);
            await().until(() -> rig.server.statistics().callsInFlight() == 0);
            rig.settle();
            assertThat(rig.server.transports()).hasSize(3);
            // They would wait a minute for the answers that do not come.
            moored.open();
            expectReset(connection);
            expectReset(other);
        }
        assertThat(rig.program.begun).hasValue(WORKERS);
    }

    @Test
    void holdWaitsUntilTheRepliesAreWithTheKernel() throws Exception {
        MooredAddress moored = open();
        moored.open();
        InetSocketAddress remote = new InetSocketAddress(Rig.TWO, rig.server.tcpPort());
        try (RawConnection slow = new RawConnection(null, remote, 4096);
                RawConnection never = new RawConnection(null, remote, 4096)) {
            // As many as a connection may have on workers: more would be put off until it reads.
            for (int xid = 0; xid < 3; xid++) {
                slow.sendCall(xid, TestProgram.READ, RawConnection.integer(MIB));
                never.sendCall(xid, TestProgram.READ, RawConnection.integer(MIB));
            }
            await().until(() -> rig.server.statistics().procedures().stream().anyMatch(row -> row.calls() == 6));
            CompletableFuture<Void> drained = moored.hold();
            serveOthers();
            for (int i = 0; i < 3; i++) {
                slow.receive();
            }
            serveOthers();
            assertThat(drained).isNotDone();
            rig.server.closeTransports(Rig.TWO);
            drained.get(20, SECONDS);
        }
    }

    @Test
    void aClientThatDoesNotReadIsNotWaitedForWhenItsConnectionIsClosed() throws Exception {
        MooredAddress moored = open();
        moored.open();
        InetSocketAddress remote = new InetSocketAddress(Rig.TWO, rig.server.tcpPort());
        try (RawConnection never = new RawConnection(null, remote, 4096)) {
            for (int xid = 0; xid < 3; xid++) {
                never.sendCall(xid, TestProgram.READ, RawConnection.integer(MIB));
            }
            await().until(() -> rig.server.statistics().procedures().stream().anyMatch(row -> row.calls() == 3));
            CompletableFuture<Void> drained = moored.hold();
            assertThat(drained).isNotDone();
            rig.server.transports().stream()
                    .filter(transport -> transport.kind() == Kind.TEMPORARY)
                    .forEach(transport -> rig.server.closeTransport(transport.id()));
            drained.get(20, SECONDS);
        }
        moored.open();
        // The address is as it was.
        assertThat(Rig.echoes(rig.client(Netid.TCP, Rig.TWO))).isTrue();
    }

    /** They hold no worker, so nobody else would end them while one hangs. */
    @Test
    void callsThatArePutOffEndAtOnce() throws Exception {
        MooredAddress moored = open();
        moored.open();
        try (RawConnection connection = rig.connect(Rig.TWO)) {
            gatedCalls(connection, 1, 20);
            await().until(() ->
                    rig.program.begun.get() == 3 && rig.server.statistics().callsInFlight() == 20);
            CompletableFuture<Void> drained = moored.hold();
            await().until(() -> rig.server.statistics().callsInFlight() == 3);
            assertThat(drained).isNotDone();
            rig.program.gate.release(3);
            drained.get(20, SECONDS);
        }
    }

    @Test
    void whoWasQueuedWhenItWasHeldNeverBeginsThoughItIsOpenedBefore() throws Exception {
        MooredAddress moored = open();
        moored.open();
        try (RawConnection connection = rig.connect(Rig.TWO);
                RawConnection idle = rig.connect(Rig.TWO)) {
            gatedCalls(connection, 1, 5);
            await().until(() ->
                    rig.program.begun.get() == 3 && rig.server.statistics().callsInFlight() == 5);
            CompletableFuture<Void> drained = moored.hold();
            moored.open();
            expectNothingBut(idle, 6);
            expectReset(connection);
            assertThat(moored.callsUnderWay()).isGreaterThanOrEqualTo(3);
            assertThat(drained).isNotDone();
            CompletableFuture<Void> again = moored.hold();
            assertThat(again).isNotDone();
            moored.open();
            rig.program.gate.release(100);
            drained.get(20, SECONDS);
            again.get(20, SECONDS);
            await().until(() -> rig.server.statistics().callsInFlight() == 0);
            expectNothingBut(idle, 99);
        }
        assertThat(rig.program.begun).hasValue(3);
        await().until(() -> moored.callsUnderWay() == 0);
    }

    @Test
    void whoWasQueuedWhenItWasMooredNeverBegins() throws Exception {
        openUnmoored();
        try (RawConnection connection = rig.connect(Rig.TWO)) {
            gatedCalls(connection, 1, 5);
            await().until(() ->
                    rig.program.begun.get() == 3 && rig.server.statistics().callsInFlight() == 5);
            MooredAddress moored = rig.server.moor(Rig.TWO, keeper);
            await().until(() -> rig.server.statistics().callsInFlight() == 3);
            rig.program.gate.release(100);
            for (int i = 0; i < 3; i++) {
                assertThat(connection.receive().readInt()).isBetween(1, 5);
            }
            await().until(() -> rig.server.statistics().callsInFlight() == 0);
            moored.open();
            expectReset(connection);
        }
        assertThat(rig.program.begun).hasValue(3);
    }

    @Test
    void datagramsAreDroppedWhileTheAddressIsHeld() throws Exception {
        MooredAddress moored = open();
        rig.server.addressAdded(Rig.TWO);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(20_000);
            byte[] dropped = RawConnection.call(1, 3, TestProgram.COUNT, RawConnection.integer(1));
            byte[] unknown = RawConnection.call(3, 3, 99, RawConnection.integer(1));
            socket.send(new DatagramPacket(dropped, dropped.length, Rig.TWO, rig.server.udpPort()));
            socket.send(new DatagramPacket(unknown, unknown.length, Rig.TWO, rig.server.udpPort()));
            await().until(() -> bytesReadFor(Rig.TWO) == dropped.length + unknown.length);
            moored.open();
            byte[] served = RawConnection.call(2, 3, TestProgram.COUNT, RawConnection.integer(1));
            socket.send(new DatagramPacket(served, served.length, Rig.TWO, rig.server.udpPort()));
            DatagramPacket reply = new DatagramPacket(new byte[100], 100);
            socket.receive(reply);
            assertThat(XdrReader.of(Arrays.copyOf(reply.getData(), reply.getLength()))
                            .readInt())
                    .isEqualTo(2);
            moored.hold().get(20, SECONDS);
            await().until(() -> moored.callsUnderWay() == 0);
        }
        assertThat(rig.program.count).hasValue(1);
    }

    @Test
    void anAddressHasOneKeeperAtATime() {
        MooredAddress moored = open();
        assertThatIllegalStateException()
                .isThrownBy(() -> rig.server.moor(Rig.TWO, keeper))
                .withMessageContaining("127.0.0.2");
        moored.close();
        moored.close();
        rig.server.moor(Rig.TWO, keeper).close();
    }

    @Test
    void whatNobodyLooksAfterGoesOn() throws Exception {
        MooredAddress moored = open();
        rig.server.addressAdded(Rig.TWO);
        try (RawConnection elsewhere = rig.connect(Rig.ONE);
                RawConnection connection = rig.connect(Rig.TWO);
                RpcClient udp = rig.client(Netid.UDP, Rig.TWO)) {
            connection.sendCall(1, TestProgram.COUNT, RawConnection.integer(1));
            elsewhere.sendCall(3, TestProgram.COUNT, RawConnection.integer(1));
            elsewhere.receive();
            assertThat(rig.program.count).hasValue(1);
            moored.close();
            assertThat(connection.receive().readInt()).isEqualTo(1);
            // It shares the server's replies again.
            connection.sendCall(3, TestProgram.COUNT, RawConnection.integer(1));
            assertThat(connection.receive().readInt()).isEqualTo(3);
            assertThat(rig.program.count).hasValue(2);
            assertThat(Rig.echoes(udp)).isTrue();
            CompletableFuture<Void> late = moored.hold();
            assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> late.get(20, SECONDS));
            expectNothingBut(connection, 2);
            assertThat(keeper.asked).hasValue(0);
        }
    }

    @Test
    void othersAreServedMeanwhile() throws Exception {
        open();
        try (RawConnection held = rig.connect(Rig.TWO)) {
            held.sendCall(1, 0, new byte[0]);
            serveOthers();
        }
    }
}
