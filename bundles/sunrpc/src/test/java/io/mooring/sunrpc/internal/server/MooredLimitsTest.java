package io.mooring.sunrpc.internal.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mooring.sunrpc.MooredAddress;
import io.mooring.sunrpc.RpcServerOptions.Limits;
import io.mooring.sunrpc.internal.NoLeaks;
import io.mooring.sunrpc.internal.transport.EventLoops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Held connections and the limits of all: neither are they punished, nor do they cost the others anything. */
@ParameterizedClass
@EnumSource(names = {"EPOLL", "NIO"})
@ExtendWith(NoLeaks.class)
class MooredLimitsTest {
    private static final int MIB = 1 << 20;

    @Parameter
    EventLoops.Kind kind;

    private final TestKeeper keeper = new TestKeeper();
    private Rig rig;

    @AfterEach
    void close() {
        rig.close();
    }

    private MooredAddress open(int calls, long bytes) {
        Duration idle = Duration.ofMinutes(6);
        rig = new Rig(kind, new Limits(2 * MIB, 100, 256, 16 * MIB, calls, bytes, 4, idle, 100, MIB));
        return rig.server.moor(Rig.TWO, keeper);
    }

    @Test
    void theSilenceOfWhoIsHeldIsNotIdleness() throws Exception {
        MooredAddress moored = open(4096, 512L * MIB);
        try (RawConnection connection = rig.connect(Rig.TWO)) {
            await().until(() -> rig.server.statistics().accepted() == 1);
            for (int pass = 0; pass < 4; pass++) {
                rig.tick(Duration.ofMinutes(6));
            }
            moored.open();
            rig.tick(Duration.ofMinutes(6));
            connection.sendCall(1, 0, new byte[0]);
            assertThat(connection.receive().readInt()).isEqualTo(1);
            assertThat(rig.server.statistics().closedIdle()).isZero();
        }
    }

    @Test
    void whoIsHeldInTheMiddleOfARecordDoesNotStall() throws Exception {
        MooredAddress moored = open(4096, 4L * MIB);
        moored.open();
        byte[] record = RawConnection.record(RawConnection.call(7, 3, TestProgram.ECHO, RawConnection.integer(0)));
        byte[] large = Arrays.copyOf(record, MIB + 4);
        System.arraycopy(RawConnection.record(new byte[MIB]), 0, large, 0, 4);
        try (RawConnection held = rig.connect(Rig.TWO)) {
            held.write(Arrays.copyOf(large, MIB / 2));
            await().until(() -> rig.server.statistics().bytesInFlight() > MIB / 3);
            moored.hold().get(20, SECONDS);
            List<RawConnection> stalled = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                RawConnection connection = rig.connect(Rig.ONE);
                stalled.add(connection);
                connection.header(MIB, true);
                connection.write(new byte[MIB / 5]);
            }
            await().until(() -> rig.server.statistics().bytesInFlight() >= 2 * MIB);
            StallWatch later = new StallWatch(
                    rig.server.shared(),
                    () -> System.nanoTime() + Duration.ofSeconds(11).toNanos());
            await().until(() -> {
                later.run();
                return rig.server.statistics().bytesInFlight() <= 3 * MIB / 2;
            });
            later.run();
            rig.settle();
            moored.open();
            held.write(Arrays.copyOfRange(large, MIB / 2, large.length));
            assertThat(held.receive().readInt()).isEqualTo(7);
            for (RawConnection connection : stalled) {
                connection.close();
            }
        }
    }

    /** When there is room again it is offered to one after the other. */
    @Test
    void whoIsHeldTakesNobodysTurn() throws Exception {
        open(10, 512L * MIB);
        List<RawConnection> connections = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            connections.add(rig.connect(Rig.TWO));
        }
        await().until(() -> keeper.connected.size() == 20);
        for (int xid = 0; xid < 10; xid++) {
            RawConnection busy = rig.connect(Rig.ONE);
            connections.add(busy);
            busy.sendCall(xid, TestProgram.GATED_COUNT, RawConnection.integer(xid));
        }
        await().until(() -> rig.server.statistics().callsInFlight() == 10);
        try (RawConnection waiting = rig.connect(Rig.ONE)) {
            waiting.sendCall(99, 0, new byte[0]);
            await().until(() -> rig.server.statistics().accepted() == 31);
            rig.settle();
            rig.program.gate.release(10);
            assertThat(waiting.receive().readInt()).isEqualTo(99);
        }
        for (RawConnection connection : connections) {
            connection.close();
        }
    }
}
