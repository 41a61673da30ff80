package io.mooring.sunrpc.internal.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mooring.sunrpc.MooredAddress;
import io.mooring.sunrpc.internal.NoLeaks;
import io.mooring.sunrpc.internal.transport.EventLoops;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a keeper is told of connections. */
@ParameterizedClass
@EnumSource(names = {"EPOLL", "NIO"})
@ExtendWith(NoLeaks.class)
class MooredConnectionsTest {
    @Parameter
    EventLoops.Kind kind;

    private final TestKeeper keeper = new TestKeeper();
    private Rig rig;

    @BeforeEach
    void open() {
        rig = new Rig(kind);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static InetSocketAddress client(RawConnection connection) {
        return (InetSocketAddress) connection.socket.getLocalSocketAddress();
    }

    private static InetSocketAddress server(RawConnection connection) {
        return (InetSocketAddress) connection.socket.getRemoteSocketAddress();
    }

    @Test
    void ofThoseThatAreOpenAndThoseThatComeAndGo() throws Exception {
        try (RawConnection early = rig.connect(Rig.TWO);
                RawConnection elsewhere = rig.connect(Rig.ONE)) {
            await().until(() -> rig.server.statistics().accepted() == 2);
            MooredAddress moored = rig.server.moor(Rig.TWO, keeper);
            await().until(() -> keeper.connected.size() == 1);
            try (RawConnection late = rig.connect(Rig.TWO)) {
                await().until(() -> keeper.connected.size() == 2);
                assertThat(keeper.connected)
                        .isEqualTo(Map.of(client(early), server(early), client(late), server(late)))
                        .doesNotContainKey(client(elsewhere));
                moored.open();
            }
            await().until(() -> keeper.connected.size() == 1);
            rig.server.closeTransports(Rig.TWO);
            await().until(() -> keeper.connected.isEmpty());
        }
        assertThat(keeper.told).hasValue(4);
        assertThat(keeper.unbalanced).isEmpty();
    }

    @Test
    void nothingMoreWhenItDoesNotLookAfterTheAddressAnyMore() throws Exception {
        MooredAddress moored = rig.server.moor(Rig.TWO, keeper);
        moored.open();
        TestKeeper next = new TestKeeper();
        try (RawConnection one = rig.connect(Rig.TWO)) {
            await().until(() -> keeper.told.get() == 1);
            moored.close();
            rig.settle();
            rig.connect(Rig.TWO).close();
            await().until(() -> rig.server.statistics().accepted() == 2);
            await().until(() -> rig.server.transports().size() == 2);
            rig.server.moor(Rig.TWO, next).open();
            await().until(() -> next.connected.containsKey(client(one)));
        }
        await().until(() -> next.connected.isEmpty());
        assertThat(next.told).hasValue(2);
        assertThat(keeper.told).hasValue(1);
    }

    @Test
    void theEndOfTheServerIsTheEndOfItsConnections() throws Exception {
        rig.server.moor(Rig.TWO, keeper);
        try (RawConnection one = rig.connect(Rig.TWO);
                RawConnection two = rig.connect(Rig.TWO)) {
            await().until(() -> keeper.connected.size() == 2);
            assertThat(one.socket.isConnected() && two.socket.isConnected()).isTrue();
            rig.server.close();
            await().until(() -> keeper.connected.isEmpty());
        }
        assertThat(keeper.unbalanced).isEmpty();
    }

    private void connectAndLeave(int n) {
        try (RawConnection connection = rig.connect(Rig.TWO)) {
            if (n % 2 == 0) {
                connection.sendCall(n, 0, new byte[0]);
                connection.receive();
            }
        } catch (IOException e) {
            // Reset with its address.
            return;
        }
    }

    @Test
    void eachThatComesGoesOnce() throws Exception {
        MooredAddress moored = rig.server.moor(Rig.TWO, keeper);
        moored.open();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger connects = new AtomicInteger();
        ExecutorService clients = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                running.add(clients.submit(() -> {
                    while (!stop.get()) {
                        connectAndLeave(connects.incrementAndGet());
                    }
                }));
            }
            for (int round = 0; round < 10; round++) {
                int before = connects.get();
                await().until(() -> connects.get() > before + 20);
                CompletableFuture<Void> drained = moored.hold();
                rig.server.closeTransports(Rig.TWO);
                drained.get(20, SECONDS);
                rig.server.addressAdded(Rig.TWO);
                moored.open();
            }
            stop.set(true);
            for (Future<?> one : running) {
                one.get(20, SECONDS);
            }
        } finally {
            stop.set(true);
            clients.shutdownNow();
        }
        await().until(() -> keeper.connected.isEmpty());
        assertThat(keeper.unbalanced).isEmpty();
        assertThat(keeper.told.get()).isGreaterThan(100);
    }
}
