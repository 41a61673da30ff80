package io.mooring.sunrpc.internal.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.mooring.posix.SockDiag.TcpSocket;
import io.mooring.sunrpc.RpcServerOptions.Limits;
import io.mooring.sunrpc.internal.NoLeaks;
import io.mooring.sunrpc.internal.transport.EventLoops;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The sweep with the kernel's own socket table. */
@ParameterizedClass
@EnumSource(names = {"EPOLL", "NIO"})
@ExtendWith(NoLeaks.class)
class KernelSweepTest {
    @Parameter
    EventLoops.Kind kind;

    private final SocketTable kernel = SocketTable.ofKernel();
    private Rig rig;

    @BeforeEach
    void open() {
        rig = new Rig(kind, Limits.defaults(), true);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private long left() throws IOException {
        return kernel.dump(Rig.TWO, rig.server.tcpPort()).stream()
                .filter(s -> s.state() != TcpSocket.LISTEN && s.state() != TcpSocket.TIME_WAIT)
                .count();
    }

    private void assumeDestroyIsPermitted() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, Rig.TWO);
                Socket client = new Socket(Rig.TWO, listener.getLocalPort());
                Socket accepted = listener.accept()) {
            boolean destroyed = kernel.dump(Rig.TWO, listener.getLocalPort()).stream()
                    .filter(s -> s.state() == TcpSocket.ESTABLISHED)
                    .anyMatch(kernel::destroy);
            Assumptions.assumeTrue(
                    destroyed && client.isConnected() && accepted.isConnected(),
                    "SOCK_DESTROY is not permitted: it needs CAP_NET_ADMIN and CONFIG_INET_DIAG_DESTROY");
        }
    }

    @Test
    void theKernelSeesNothingOfAClosedConnection() throws Exception {
        List<RawConnection> connections = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            connections.add(rig.connect(Rig.TWO));
        }
        await().until(() -> rig.server.statistics().accepted() == 10);
        assertThat(left()).isEqualTo(10);
        assertThat(rig.server.closeTransports(Rig.TWO)).isEqualTo(10);
        assertThat(left()).isZero();
        for (RawConnection connection : connections) {
            connection.close();
        }
    }

    @Test
    void connectionsThatWereNotAcceptedYetAreDestroyed() throws Exception {
        assumeDestroyIsPermitted();
        CountDownLatch unblock = blockLoops();
        try (RawConnection waiting = rig.connect(Rig.TWO)) {
            assertThat(left()).isEqualTo(1);
            assertThat(rig.server.closeTransports(Rig.TWO)).isZero();
            assertThat(left()).isZero();
            assertThatExceptionOfType(IOException.class).isThrownBy(waiting::read);
        } finally {
            unblock.countDown();
        }
        try (RawConnection one = rig.connect(Rig.ONE)) {
            one.sendCall(2, 0, new byte[0]);
            assertThat(one.receive().readInt()).isEqualTo(2);
        }
    }

    @Test
    void connectionsOfABusyEventLoopAreDestroyedMeanwhile() throws Exception {
        assumeDestroyIsPermitted();
        CountDownLatch unblock = null;
        try (RawConnection held = rig.connect(Rig.TWO)) {
            await().until(() -> rig.server.statistics().accepted() == 1);
            unblock = blockLoops();
            CompletableFuture<Integer> closing =
                    CompletableFuture.supplyAsync(() -> rig.server.closeTransports(Rig.TWO));
            assertThatExceptionOfType(IOException.class).isThrownBy(held::read);
            await().until(() -> left() == 0);
            assertThat(closing).isNotDone();
            unblock.countDown();
            assertThat(closing.get(20, SECONDS)).isEqualTo(1);
        } finally {
            if (unblock != null) {
                unblock.countDown();
            }
        }
    }

    /** Returns when all event loops do nothing until the latch is counted down. */
    private CountDownLatch blockLoops() throws InterruptedException {
        CountDownLatch unblock = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(2);
        for (EventExecutor loop : rig.loops.group()) {
            loop.execute(() -> {
                blocked.countDown();
                awaitQuietly(unblock);
            });
        }
        assertThat(blocked.await(20, SECONDS)).isTrue();
        return unblock;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
