package io.mooring.sunrpc.internal.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcServerOptions.Limits;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.internal.NoLeaks;
import io.mooring.sunrpc.internal.transport.EventLoops;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(names = {"EPOLL", "NIO"})
@ExtendWith(NoLeaks.class)
class BackPressureTest {
    private static final int MIB = 1 << 20;

    @Parameter
    EventLoops.Kind kind;

    private Rig rig;

    @AfterEach
    void close() {
        rig.close();
    }

    private static Limits limits(int callsPerConnection, int bytesPerConnection, int calls, long bytes) {
        return new Limits(
                2 * MIB, 100, callsPerConnection, bytesPerConnection, calls, bytes, 4, Duration.ofMinutes(6), 100, MIB);
    }

    private RawConnection slowReader() throws IOException {
        return new RawConnection(null, new InetSocketAddress(Rig.ONE, rig.server.tcpPort()), 4096);
    }

    /** Sends calls that nobody lets end, until the server takes no more. */
    private void fill(RawConnection connection, int calls) throws IOException {
        for (int xid = 0; xid < calls; xid++) {
            connection.sendCall(xid, TestProgram.GATED_COUNT, RawConnection.integer(xid));
        }
    }

    @Test
    void callsInFlightOfAConnectionAreBounded() throws Exception {
        rig = new Rig(kind, limits(5, 16 * MIB, 4096, 512 * MIB));
        try (RawConnection connection = rig.connect(Rig.ONE);
                RpcClient other = rig.client(Netid.TCP, Rig.ONE)) {
            fill(connection, 50);
            await().until(() -> rig.server.statistics().callsInFlight() == 5);
            assertThat(Rig.echoes(other)).isTrue();
            await().until(() -> rig.server.statistics().callsInFlight() == 5);
            rig.program.gate.release(50);
            for (int i = 0; i < 50; i++) {
                connection.receive();
            }
        }
        assertThat(rig.program.count).hasValue(50);
        await().until(() -> rig.server.statistics().callsInFlight() == 0);
    }

    @Test
    void callsInFlightOfAllConnectionsAreBoundedAndAllGoOn() throws Exception {
        rig = new Rig(kind, limits(100, 16 * MIB, 10, 512 * MIB));
        List<RawConnection> connections = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            RawConnection connection = rig.connect(Rig.ONE);
            connections.add(connection);
            for (int n = 0; n < 10; n++) {
                connection.sendCall(100 * i + n, TestProgram.GATED_COUNT, RawConnection.integer(n));
            }
        }
        await().until(() -> rig.server.statistics().callsInFlight() >= 8);
        assertThat(rig.server.statistics().callsInFlight()).isLessThanOrEqualTo(11);
        rig.program.gate.release(200);
        for (RawConnection connection : connections) {
            for (int n = 0; n < 10; n++) {
                connection.receive();
            }
            connection.close();
        }
        assertThat(rig.program.count).hasValue(200);
        await().until(() -> rig.server.statistics().callsInFlight() == 0);
    }

    @Test
    void aClientThatNeverReadsCostsBoundedMemory() throws Exception {
        rig = new Rig(kind, limits(256, 4 * MIB, 4096, 512 * MIB));
        try (RawConnection lazy = slowReader();
                RpcClient other = rig.client(Netid.TCP, Rig.ONE)) {
            for (int xid = 0; xid < 100; xid++) {
                lazy.sendCall(xid, TestProgram.READ, RawConnection.integer(MIB));
            }
            await().until(() -> rig.server.statistics().bytesInFlight() > MIB);
            for (int i = 0; i < 20; i++) {
                assertThat(Rig.echoes(other)).isTrue();
                // Half of 4 MiB is for replies, and each of 4 workers may be one beyond it.
                assertThat(rig.server.statistics().bytesInFlight()).isLessThan(7L * MIB);
            }
            for (int i = 0; i < 100; i++) {
                XdrReader reply = lazy.receive();
                reply.readFixedOpaque(24);
                assertThat(reply.readOpaque(MIB)).hasSize(MIB).endsWith(0xfd, 0xfe, 0xff);
            }
        }
        await().until(() -> rig.server.statistics().callsInFlight() == 0);
        assertThat(rig.server.statistics().bytesInFlight()).isZero();
    }

    @Test
    void bytesOfRequestsInFlightAreBounded() throws Exception {
        rig = new Rig(kind, limits(256, 4 * MIB, 4096, 512 * MIB));
        try (RpcClient client = rig.client(Netid.TCP, Rig.ONE)) {
            List<CompletableFuture<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                answers.add(client.call(
                        TestProgram.NUMBER,
                        3,
                        TestProgram.GATED_COUNT,
                        (n, w) -> w.writeInt(n).writeOpaque(new byte[MIB]),
                        i,
                        r -> r.readInt()));
            }
            await().until(() -> rig.server.statistics().callsInFlight() >= 2);
            rig.program.gate.release();
            // Whichever of those that run.
            CompletableFuture.anyOf(answers.toArray(CompletableFuture<?>[]::new))
                    .get(20, SECONDS);
            assertThat(rig.server.statistics().bytesInFlight()).isLessThan(5L * MIB);
            rig.program.gate.release(40);
            CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                    .get(20, SECONDS);
        }
        await().until(() -> rig.server.statistics().bytesInFlight() == 0);
    }

    @Test
    void clientsThatStallAreResetWhenMemoryIsShort() throws Exception {
        rig = new Rig(kind, limits(256, 16 * MIB, 4096, 4 * MIB));
        StallWatch later = watchIn(Duration.ofSeconds(11));
        List<RawConnection> stalled = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            RawConnection connection = rig.connect(Rig.ONE);
            stalled.add(connection);
            connection.header(MIB, true);
            connection.write(new byte[MIB / 5]);
        }
        await().until(() -> rig.server.statistics().bytesInFlight() > 3 * MIB / 2);
        rig.tick(Duration.ofSeconds(1));
        await().until(() -> rig.server.transports().size() > 5);
        awaitRoomBy(later);
        try (RpcClient client = rig.client(Netid.TCP, Rig.ONE)) {
            assertThat(Rig.echoes(client)).isTrue();
        }
        for (RawConnection connection : stalled) {
            connection.close();
        }
    }

    /** Connections with a part of a record each, until nobody's record may come on. */
    private List<RawConnection> fillWithParts() throws Exception {
        List<RawConnection> stalled = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            RawConnection connection = rig.connect(Rig.ONE);
            stalled.add(connection);
            connection.header(MIB, true);
            connection.write(new byte[MIB / 5]);
        }
        await().until(() -> rig.server.statistics().bytesInFlight() >= 2 * MIB);
        return stalled;
    }

    /** Found by HostileClientsIT: the client that behaved was reset together with those that filled the memory. */
    @Test
    void whoOnlyWaitsForTheOthersIsNotReset() throws Exception {
        rig = new Rig(kind, limits(256, 16 * MIB, 4096, 4 * MIB));
        byte[] record = RawConnection.record(RawConnection.call(7, 3, TestProgram.ECHO, RawConnection.integer(0)));
        try (RawConnection innocent = rig.connect(Rig.ONE)) {
            innocent.write(Arrays.copyOf(record, 20));
            await().until(() -> rig.server.statistics().bytesInFlight() > 0);
            List<RawConnection> stalled = fillWithParts();
            innocent.write(Arrays.copyOfRange(record, 20, 24));
            await().until(() -> rig.server.transports().stream().anyMatch(t -> t.bytesIn() == 24));
            // Before there is room: the watch's clock would call it stalled as soon as it is read and has sent no more.
            innocent.write(Arrays.copyOfRange(record, 24, record.length));
            awaitRoomBy(watchIn(Duration.ofSeconds(11)));
            assertThat(innocent.receive().readInt()).isEqualTo(7);
            for (RawConnection connection : stalled) {
                connection.close();
            }
        }
    }

    /** Found by HostileClientsIT: nobody was served for ten seconds. */
    @Test
    void whileNobodyIsServedStalledClientsAreResetSooner() throws Exception {
        rig = new Rig(kind, limits(256, 16 * MIB, 4096, 4 * MIB));
        List<RawConnection> stalled = fillWithParts();
        watchIn(Duration.ofSeconds(3)).run();
        // The listener and all twelve, but for those that were reset; the others may fill the memory again.
        await().until(() -> rig.server.transports().size() < 13);
        for (RawConnection connection : stalled) {
            connection.close();
        }
    }

    /** Those that waited for room fill it again, and are reset in their turn. */
    private void awaitRoomBy(StallWatch watch) {
        await().until(() -> {
            watch.run();
            return rig.server.statistics().bytesInFlight() <= 3 * MIB / 2;
        });
    }

    /** Watches as if so much time had passed. */
    private StallWatch watchIn(Duration time) {
        return new StallWatch(rig.server.shared(), () -> System.nanoTime() + time.toNanos());
    }

    private static void prove(RpcClient client) throws Exception {
        for (int i = 0; i < 4; i++) {
            assertThat(client.call(
                                    TestProgram.NUMBER,
                                    3,
                                    TestProgram.READ,
                                    (n, w) -> w.writeInt(n),
                                    MIB / 4 + 1,
                                    r -> r.readOpaque(MIB))
                            .get(20, SECONDS))
                    .hasSize(MIB / 4 + 1);
        }
    }

    @Test
    void newcomersThatFillTheRequestsTakeNothingFromTheProven() throws Exception {
        rig = new Rig(kind, limits(256, 16 * MIB, 4096, 4 * MIB));
        try (RpcClient proven = rig.client(Netid.TCP, Rig.ONE)) {
            prove(proven);
            List<RawConnection> stalled = fillWithParts();
            for (int i = 0; i < 100; i++) {
                assertThat(Rig.echoes(proven)).isTrue();
            }
            assertThat(rig.server.statistics().bytesInFlight()).isGreaterThanOrEqualTo(2 * MIB);
            for (RawConnection connection : stalled) {
                connection.close();
            }
        }
    }

    @Test
    void newcomersThatFillTheRepliesTakeNothingFromTheProven() throws Exception {
        rig = new Rig(kind, limits(256, 4 * MIB, 4096, 4 * MIB));
        List<RawConnection> lazy = new ArrayList<>();
        try (RpcClient proven = rig.client(Netid.TCP, Rig.ONE)) {
            prove(proven);
            for (int i = 0; i < 8; i++) {
                lazy.add(slowReader());
                for (int xid = 0; xid < 20; xid++) {
                    lazy.get(i).sendCall(xid, TestProgram.READ, RawConnection.integer(MIB));
                }
            }
            await().until(() -> rig.server.statistics().bytesInFlight() >= 2 * MIB);
            for (int i = 0; i < 100; i++) {
                assertThat(Rig.echoes(proven)).isTrue();
            }
            assertThat(rig.server.statistics().bytesInFlight()).isGreaterThanOrEqualTo(2 * MIB);
        } finally {
            for (RawConnection connection : lazy) {
                connection.close();
            }
        }
    }

    @Test
    void whoProvesItselfAndThenNeverReadsIsANewcomerAgain() throws Exception {
        rig = new Rig(kind, limits(256, 4 * MIB, 4096, 4 * MIB));
        ServerShared shared = rig.server.shared();
        List<RawConnection> lazy = new ArrayList<>();
        try (RpcClient proven = rig.client(Netid.TCP, Rig.ONE)) {
            prove(proven);
            for (int i = 0; i < 8; i++) {
                RawConnection connection = slowReader();
                lazy.add(connection);
                for (int xid = 0; xid < 2; xid++) {
                    connection.sendCall(xid, TestProgram.READ, RawConnection.integer(MIB / 2));
                    connection.receive();
                }
                for (int xid = 2; xid < 20; xid++) {
                    connection.sendCall(xid, TestProgram.READ, RawConnection.integer(MIB));
                }
            }
            await().until(() -> shared.proven().isFull());
            StallWatch watch = watchIn(Duration.ofMillis(1500));
            for (int i = 0; i < 20; i++) {
                CompletableFuture<byte[]> answer = proven.call(
                        TestProgram.NUMBER, 3, TestProgram.READ, (n, w) -> w.writeInt(n), 1, r -> r.readOpaque(1));
                // Those that waited for room fill it in their turn.
                await().until(() -> {
                    watch.run();
                    return answer.isDone();
                });
                assertThat(answer.get(20, SECONDS)).hasSize(1);
            }
        } finally {
            for (RawConnection connection : lazy) {
                connection.close();
            }
        }
    }

    /** One client whose calls hang must not take all workers. */
    @Test
    void aConnectionLeavesWorkersToTheOthers() throws Exception {
        rig = new Rig(kind, limits(256, 4 * MIB, 4096, 512 * MIB));
        try (RawConnection hanging = rig.connect(Rig.ONE);
                RpcClient other = rig.client(Netid.TCP, Rig.ONE)) {
            fill(hanging, 20);
            await().until(() -> rig.server.statistics().callsInFlight() == 20);
            for (int i = 0; i < 20; i++) {
                assertThat(Rig.echoes(other)).isTrue();
            }
            assertThat(rig.program.begun).hasValue(3);
            rig.program.gate.release(20);
            for (int i = 0; i < 20; i++) {
                hanging.receive();
            }
        }
        assertThat(rig.program.count).hasValue(20);
    }

    /** An event loop that asks itself without end whether there is room would be busy all the time. */
    @Test
    void whoWaitsForRepliesInTheMiddleOfARecordIsNotAskedWithoutEnd() throws Exception {
        rig = new Rig(kind, limits(256, 4 * MIB, 4096, 4 * MIB));
        List<RawConnection> lazy = new ArrayList<>();
        byte[] next = RawConnection.record(RawConnection.call(99, 3, TestProgram.ECHO, RawConnection.integer(0)));
        try (RawConnection waiting = slowReader()) {
            // On all workers that it may have, so that the calls after them are put off.
            fill(waiting, 3);
            await().until(() -> rig.program.begun.get() == 3);
            for (int xid = 3; xid < 10; xid++) {
                waiting.sendCall(xid, TestProgram.READ, RawConnection.integer(MIB));
            }
            waiting.write(Arrays.copyOf(next, 20));
            ServerShared shared = rig.server.shared();
            await().until(() -> shared.newcomers().calls() == 10);
            for (int i = 0; i < 4; i++) {
                RawConnection connection = slowReader();
                lazy.add(connection);
                for (int xid = 0; xid < 4; xid++) {
                    connection.sendCall(xid, TestProgram.READ, RawConnection.integer(MIB));
                }
            }
            await().until(() -> shared.newcomers().isFull());
            rig.program.gate.release(3);
            await().until(() -> rig.program.count.get() == 3);
            long before = rig.loopNanos();
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            assertThat(rig.loopNanos() - before)
                    .as("processor time of the loops in a second")
                    .isLessThan(Duration.ofMillis(300).toNanos());
        } finally {
            for (RawConnection connection : lazy) {
                connection.close();
            }
        }
    }

    @Test
    void connectionsAboveTheLimitAreReset() throws Exception {
        rig = new Rig(kind, new Limits(MIB, 2, 9, MIB, 99, 2 * MIB, 1, Duration.ZERO, 9, MIB));
        try (RawConnection one = rig.connect(Rig.ONE);
                RawConnection two = rig.connect(Rig.ONE)) {
            await().until(() -> rig.server.statistics().accepted() == 2);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> {
                        try (RawConnection three = rig.connect(Rig.ONE)) {
                            three.read();
                        }
                    })
                    .withMessageContaining("reset");
            assertThat(rig.server.statistics().refused()).isEqualTo(1);
            for (RawConnection early : List.of(one, two)) {
                early.sendCall(1, 0, new byte[0]);
                assertThat(early.receive().readInt()).isEqualTo(1);
            }
        }
        await().until(() -> rig.server.transports().size() == 1);
        try (RpcClient client = rig.client(Netid.TCP, Rig.ONE)) {
            assertThat(Rig.echoes(client)).isTrue();
        }
    }
}
