package io.mooring.sunrpc.internal.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mooring.sunrpc.MooredAddress;
import io.mooring.sunrpc.internal.NoLeaks;
import io.mooring.sunrpc.internal.transport.EventLoops;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
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

/** An address that is opened and held while many call. */
@ParameterizedClass
@EnumSource(names = {"EPOLL", "NIO"})
@ExtendWith(NoLeaks.class)
class MooredRaceTest {
    private static final int[] PROCEDURES = {
        TestProgram.HOOKED, TestProgram.HOOKED_ON_LOOP, TestProgram.HOOKED_KEPT_COUNT, TestProgram.KEPT_COUNT
    };

    @Parameter
    EventLoops.Kind kind;

    private final TestKeeper keeper = new TestKeeper();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> running = new ArrayList<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private Rig rig;

    @BeforeEach
    void open() {
        rig = new Rig(kind);
    }

    @AfterEach
    void close() {
        stop.set(true);
        threads.shutdownNow();
        rig.close();
    }

    private void start(Callable<?> task) {
        running.add(threads.submit(() -> {
            while (!stop.get()) {
                task.call();
            }
            return null;
        }));
    }

    private void awaitAll() throws Exception {
        for (Future<?> one : running) {
            one.get(20, SECONDS);
        }
        running.clear();
    }

    /** Calls on one connection without waiting for replies, until it ends or the test does. */
    private Object callByTcp() {
        byte[] replies = new byte[4096];
        try (RawConnection connection = rig.connect(Rig.TWO)) {
            InputStream in = connection.socket.getInputStream();
            for (int xid = 0; xid < 2000 && !stop.get(); xid++) {
                connection.sendCall(xid, PROCEDURES[xid % PROCEDURES.length], RawConnection.integer(xid / 3));
                while (in.available() > 0 && in.read(replies) > 0) {
                    keeper.told.incrementAndGet();
                }
            }
        } catch (IOException e) {
            // Its address was removed, or the server is closed.
            Thread.onSpinWait();
        }
        return null;
    }

    private Object callByUdp() throws Exception {
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int xid = 0; xid < 200 && !stop.get(); xid++) {
                byte[] call = RawConnection.call(xid, 3, PROCEDURES[xid % 3], RawConnection.integer(xid));
                socket.send(new DatagramPacket(call, call.length, Rig.TWO, rig.server.udpPort()));
            }
        }
        return null;
    }

    @Test
    void noCallBeginsOnceTheAddressWasHeld() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger inside = new AtomicInteger();
        AtomicBoolean held = new AtomicBoolean(true);
        AtomicInteger late = new AtomicInteger();
        rig.program.hook = () -> {
            inside.incrementAndGet();
            if (held.get()) {
                late.incrementAndGet();
            }
            begun.incrementAndGet();
            Thread.onSpinWait();
            inside.decrementAndGet();
        };
        MooredAddress moored = rig.server.moor(Rig.TWO, keeper);
        rig.server.addressAdded(Rig.TWO);
        for (int i = 0; i < 4; i++) {
            start(this::callByTcp);
        }
        start(this::callByUdp);
        for (int round = 0; round < 60; round++) {
            int before = begun.get();
            held.set(false);
            moored.open();
            await().pollInterval(Duration.ofMillis(2)).until(() -> begun.get() > before + 50);
            moored.hold().get(20, SECONDS);
            held.set(true);
            assertThat(inside).hasValue(0);
            await().until(() -> moored.callsUnderWay() == 0);
            rig.settle();
        }
        assertThat(late).hasValue(0);
        held.set(false);
        stop.set(true);
        moored.open();
        awaitAll();
        await().until(() -> rig.server.statistics().callsInFlight() == 0);
        await().until(() -> moored.callsUnderWay() == 0);
    }

    /** Those that come and go at the same time as the server does: nobody hangs, and nothing is left. */
    @Test
    void allMayRace() throws Exception {
        for (int round = 0; round < 4; round++) {
            stop.set(false);
            NettyRpcServer server = rig.server;
            server.addressAdded(Rig.TWO);
            ConcurrentLinkedQueue<CompletableFuture<Void>> drained = new ConcurrentLinkedQueue<>();
            AtomicInteger toggles = new AtomicInteger();
            start(this::callByTcp);
            start(this::callByTcp);
            start(this::callByUdp);
            start(() -> {
                try (MooredAddress moored = server.moor(Rig.TWO, new TestKeeper())) {
                    for (int i = 0; i < 5; i++) {
                        moored.open();
                        toggles.incrementAndGet();
                        CompletableFuture<Void> before = moored.hold();
                        CompletableFuture<Void> together = moored.hold();
                        moored.kept().forEach(moored::restore);
                        drained.add(before);
                        drained.add(together);
                    }
                }
                return null;
            });
            start(() -> {
                int before = toggles.get();
                await().pollInterval(Duration.ofMillis(2)).until(() -> toggles.get() > before + 10 || stop.get());
                server.closeTransports(Rig.TWO);
                server.addressAdded(Rig.TWO);
                return null;
            });
            await().pollInterval(Duration.ofMillis(2)).until(() -> toggles.get() > 100);
            Future<?> end = threads.submit(server::close);
            await().pollInterval(Duration.ofMillis(2)).until(() -> toggles.get() > 150);
            stop.set(true);
            end.get(20, SECONDS);
            awaitAll();
            CompletableFuture.allOf(drained.toArray(CompletableFuture<?>[]::new))
                    .get(20, SECONDS);
            await().until(() -> server.statistics().callsInFlight() == 0);
            assertThat(server.statistics().bytesInFlight()).isZero();
            rig.close();
            rig = new Rig(kind);
        }
    }
}
