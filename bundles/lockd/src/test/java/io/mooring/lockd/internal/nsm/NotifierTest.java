package io.mooring.lockd.internal.nsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mooring.lockd.internal.peer.Backoff;
import io.mooring.lockd.internal.peer.PeerCalls;
import io.mooring.lockd.internal.table.Locking;
import io.mooring.lockd.internal.testing.ScriptedPeers;
import io.mooring.lockd.internal.testing.ScriptedPeers.Call;
import io.mooring.lockd.internal.wire.Sm1;
import io.mooring.lockd.internal.wire.Sm1.StatChge;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifierTest {
    private static final InetAddress ONE = Locking.address("10.0.0.1");
    private static final InetAddress TWO = Locking.address("10.0.0.2");

    @TempDir
    Path directory;

    private final ScriptedPeers peers = new ScriptedPeers();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(2);
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicBoolean present = new AtomicBoolean(true);
    private HostMonitor monitor;

    @BeforeEach
    void restart() throws IOException {
        HostStore store = new HostStore(directory, Locking.SERVICE);
        store.saveState(1);
        store.add(HostStore.List.MONITORED, ONE, "one");
        store.add(HostStore.List.MONITORED, TWO, "two");
        monitor = HostMonitor.arrive(Locking.SERVICE, store, 10, nanos::get);
    }

    @AfterEach
    void close() {
        timer.shutdownNow();
    }

    private void start() {
        start(10);
    }

    private void start(int atOnce) {
        PeerCalls calls = new PeerCalls(peers, Duration.ofSeconds(5), ScriptedPeers.RPCBIND_PORT, timer);
        Notifier.Settings settings = new Notifier.Settings(
                new Backoff(Duration.ofMillis(1), Duration.ofMillis(5)), Duration.ofMinutes(15), atOnce);
        Notifier notifier =
                new Notifier(calls, timer, nanos::get, settings, () -> List.of("server.example.org", "10.0.0.9"));
        notifier.start(monitor, m -> present.get());
    }

    private static CompletableFuture<byte[]> silence() {
        return CompletableFuture.failedFuture(new IOException("no answer"));
    }

    @Test
    void allAreToldWithTheNamesThatTheyKnow() throws XdrException {
        peers.script = call -> CompletableFuture.completedFuture(new byte[0]);
        start();
        await().until(() -> monitor.unnotified().isEmpty());
        assertThat(peers.calls).hasSize(4);
        for (Call call : peers.calls) {
            assertThat(call.program()).isEqualTo(Sm1.PROGRAM);
            assertThat(call.procedure()).isEqualTo(Sm1.SM_NOTIFY);
            assertThat(call.options().local().getAddress()).isEqualTo(Locking.SERVICE);
            StatChge change = StatChge.read(XdrReader.of(call.arguments()));
            assertThat(change.state()).isEqualTo(3);
            assertThat(change.monName()).isIn("10.0.0.9", "server.example.org");
        }
        assertThat(directory.resolve("10.0.0.9/notify")).isEmptyDirectory();
        assertThat(directory.resolve("10.0.0.9/monitored/10.0.0.1"))
                .as("it may still reclaim")
                .exists();
    }

    @Test
    void oneThatDoesNotAnswerIsToldAgainByBothTransports() {
        peers.script = call -> call.options().remote().getAddress().equals(ONE) && peers.calls.size() < 20
                ? silence()
                : CompletableFuture.completedFuture(new byte[0]);
        start();
        await().until(() -> monitor.unnotified().isEmpty());
        assertThat(peers.calls.stream()
                        .filter(call -> call.options().remote().getAddress().equals(ONE))
                        .map(call -> call.options().netid()))
                .contains(Netid.UDP, Netid.TCP);
        assertThat(peers.calls.stream()
                        .filter(call -> call.options().remote().getAddress().equals(TWO)))
                .hasSize(2);
    }

    @Test
    void onlySoManyAreToldAtATime() {
        List<CompletableFuture<byte[]>> silent = new CopyOnWriteArrayList<>();
        peers.script = call -> {
            CompletableFuture<byte[]> later = new CompletableFuture<>();
            silent.add(later);
            return later;
        };
        start(1);
        assertThat(silent).as("two names").hasSize(2);
        silent.forEach(call -> call.complete(new byte[0]));
        await().until(() -> silent.size() == 4);
        silent.forEach(call -> call.complete(new byte[0]));
        await().until(() -> monitor.unnotified().isEmpty());
    }

    @Test
    void oneThatNeverAnswersIsGivenUp() {
        peers.script = call -> {
            nanos.addAndGet(Duration.ofMinutes(2).toNanos());
            return silence();
        };
        start();
        await().until(() -> monitor.unnotified().isEmpty());
        assertThat(directory.resolve("10.0.0.9/notify")).isEmptyDirectory();
    }

    @Test
    void whenTheAddressIsGoneNobodyIsToldAnyMore() {
        peers.script = call -> silence();
        start();
        await().until(() -> peers.calls.size() > 4);
        present.set(false);
        await().until(() -> timer.getQueue().isEmpty() && timer.getActiveCount() == 0);
        assertThat(monitor.unnotified()).hasSize(2);
    }
}
