package io.mooring.lockd.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.lockd.internal.peer.PeerCalls.NotSentException;
import io.mooring.lockd.internal.peer.PeerCalls.Peer;
import io.mooring.lockd.internal.table.Locking;
import io.mooring.lockd.internal.testing.ScriptedPeers;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.OneWayCall;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.XdrEncoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PeerCallsTest {
    private final ScriptedPeers peers = new ScriptedPeers();
    private final PeerCalls calls =
            new PeerCalls(peers, Duration.ofSeconds(5), ScriptedPeers.RPCBIND_PORT, Runnable::run);

    private static Peer peer(String client) {
        return new Peer(Locking.address(client), Locking.SERVICE, Netid.UDP, 100021, 4);
    }

    private CompletableFuture<Integer> call(String client) {
        return calls.call(peer(client), 5, (value, w) -> w.writeInt(value), 7, r -> r.readInt());
    }

    private static CompletableFuture<byte[]> answer() {
        return CompletableFuture.completedFuture(new byte[] {0, 0, 0, 9});
    }

    @Test
    void callsThePortThatRpcbindNames() throws Exception {
        peers.script = call -> answer();
        peers.port = 1234;
        assertThat(call("10.0.0.1").get(5, TimeUnit.SECONDS)).isEqualTo(9);
        assertThat(call("2001:db8::1").get(5, TimeUnit.SECONDS)).isEqualTo(9);
        assertThat(peers.calls)
                .allMatch(call -> call.options().remote().getPort() == 1234 && call.arguments().length == 4);
        assertThat(peers.open).hasValue(0);
    }

    @Test
    void whatIsNotThereIsNotSent() {
        peers.port = 0;
        assertThatThrownBy(() -> call("10.0.0.1").get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(NotSentException.class);
        peers.port = -1;
        assertThatThrownBy(() -> call("2001:db8::1").get(5, TimeUnit.SECONDS))
                .hasCauseInstanceOf(NotSentException.class)
                .hasMessageContaining("no rpcbind");
        assertThat(peers.open).hasValue(0);
    }

    @Test
    void whatWasSentFailsOtherwise() {
        peers.script = call -> CompletableFuture.failedFuture(new IOException("reset"));
        assertThatThrownBy(() -> call("10.0.0.1").get(5, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IOException.class)
                .cause()
                .isNotInstanceOf(NotSentException.class);
    }

    @Test
    void oneThatDoesNotAnswerKeepsNobodyElseWaiting() throws Exception {
        List<CompletableFuture<byte[]>> silent = new ArrayList<>();
        peers.script = call -> {
            if (call.options().remote().getAddress().equals(Locking.address("10.0.0.2"))) {
                return answer();
            }
            CompletableFuture<byte[]> later = new CompletableFuture<>();
            silent.add(later);
            return later;
        };
        List<CompletableFuture<Integer>> waiting = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            waiting.add(call("10.0.0.1"));
        }
        assertThat(silent).hasSize(PeerCalls.PER_CLIENT);
        assertThat(call("10.0.0.2").get(5, TimeUnit.SECONDS)).isEqualTo(9);
        for (int i = 0; i < 10_000; i++) {
            silent.get(i).complete(new byte[] {0, 0, 0, 9});
        }
        assertThat(waiting).allMatch(CompletableFuture::isDone);
        assertThat(peers.open).hasValue(0);
    }

    private CompletableFuture<Void> send() {
        return send("10.0.0.1");
    }

    private CompletableFuture<Void> send(String client) {
        return calls.send(peer(client), 12, (value, w) -> w.writeInt(value), 7);
    }

    @Test
    void messagesByUdpLeaveFromWhereTheServerListens() throws Exception {
        peers.port = 1234;
        send().get(5, TimeUnit.SECONDS);
        assertThat(peers.calls).isEmpty();
        assertThat(peers.messages).hasSize(1);
        OneWayCall call = peers.messages.get(0).call();
        assertThat(call.local()).isEqualTo(Locking.SERVICE);
        assertThat(call.remote()).isEqualTo(new InetSocketAddress("10.0.0.1", 1234));
        assertThat(call.program()).isEqualTo(100021);
        assertThat(call.version()).isEqualTo(4);
        assertThat(call.procedure()).isEqualTo(12);
        assertThat(peers.messages.get(0).arguments()).containsExactly(0, 0, 0, 7);
    }

    @Test
    void aMessageThatTheServerCannotSendIsNotSent() {
        peers.sent = CompletableFuture.failedFuture(new IOException("no socket"));
        assertThatThrownBy(() -> send().get(5, TimeUnit.SECONDS))
                .hasCauseInstanceOf(NotSentException.class)
                .hasMessageContaining("no socket");
        peers.port = 0;
        assertThatThrownBy(() -> send().get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(NotSentException.class);
    }

    @Test
    void thereAreOnlySoManyMessages() throws Exception {
        CompletableFuture<Void> later = new CompletableFuture<>();
        peers.sent = later;
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < PeerCalls.MESSAGES; i++) {
            all.add(send("10.0.1." + i / PeerCalls.PER_CLIENT));
        }
        assertThatThrownBy(() -> send().get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(NotSentException.class);
        later.complete(null);
        for (CompletableFuture<Void> message : all) {
            message.get(5, TimeUnit.SECONDS);
        }
        send().get(5, TimeUnit.SECONDS);
    }

    @Test
    void withoutAServerNothingIsSent() {
        PeerTransport none = new PeerTransport() {
            @Override
            public RpcClient open(RpcClientOptions options) {
                throw new IllegalStateException("no server");
            }

            @Override
            public <A> CompletableFuture<Void> send(OneWayCall call, XdrEncoder<A> encoder, A arguments) {
                throw new IllegalStateException("no server");
            }
        };
        PeerCalls closed = new PeerCalls(none, Duration.ofSeconds(5), 111, Runnable::run);
        assertThatThrownBy(() -> closed.call(peer("10.0.0.1"), 0, (v, w) -> {}, null, r -> null)
                        .get(5, TimeUnit.SECONDS))
                .hasCauseInstanceOf(NotSentException.class);
    }

    @Test
    void attemptsComeMoreAndMoreSlowly() {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));
        assertThat(backoff.after(1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(backoff.after(4)).isEqualTo(Duration.ofSeconds(8));
        assertThat(backoff.after(100)).isEqualTo(Duration.ofSeconds(30));
    }
}
