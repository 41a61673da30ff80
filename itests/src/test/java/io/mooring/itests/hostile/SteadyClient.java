package io.mooring.itests.hostile;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.RpcTransports;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** The client that behaves: calls one after the other, each answered and checked. Thread-safe. */
final class SteadyClient implements AutoCloseable {
    private static final int BYTES = 8 << 10;
    private static final int PROOF_BYTES = 256 << 10;

    private final RpcTransports transports = RpcTransports.open();
    private final RpcClientOptions options;
    private final RpcClient calls;
    private final RpcClient questions;
    private final AtomicLong answered = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean ended;
    private final Thread thread = new Thread(this::call, "steady-client");

    SteadyClient(InetSocketAddress server) {
        options = new RpcClientOptions(
                server, null, Netid.TCP, new RpcCredential.AuthNone(), Duration.ofSeconds(30), Duration.ofSeconds(1));
        calls = transports.openClient(options);
        questions = transports.openClient(options);
        thread.setDaemon(true);
        thread.start();
    }

    private void call() {
        byte[] text = new byte[BYTES];
        for (long n = 0; !ended && failure.get() == null; n++) {
            Arrays.fill(text, (byte) n);
            try {
                byte[] answer = ask(calls, text);
                if (!Arrays.equals(answer, text)) {
                    failure.compareAndSet(null, new AssertionError("answer " + n + " is another call's"));
                }
                answered.incrementAndGet();
            } catch (Exception e) {
                failure.compareAndSet(null, e);
            }
        }
    }

    /** Makes the server trust both connections with memory that newcomers cannot take. */
    void prove() throws Exception {
        for (int i = 0; i < 4; i++) {
            ask(calls, new byte[PROOF_BYTES]);
            ask(questions, new byte[PROOF_BYTES]);
        }
    }

    /** Asks once by a connection that is new; waits for the answer. */
    void askAsNewcomer() throws Exception {
        try (RpcClient newcomer = transports.openClient(options)) {
            ask(newcomer, new byte[BYTES]);
        }
    }

    private static byte[] ask(RpcClient connection, byte[] text) throws Exception {
        CompletableFuture<byte[]> answer = connection.call(
                TargetServer.PROGRAM,
                TargetServer.VERSION,
                TargetServer.ECHO,
                (bytes, w) -> w.writeOpaque(bytes),
                text,
                r -> r.readOpaque(text.length));
        return answer.get(40, SECONDS);
    }

    /** By a connection of its own. */
    ServerState state() throws Exception {
        return questions
                .call(
                        TargetServer.PROGRAM,
                        TargetServer.VERSION,
                        TargetServer.STATE,
                        (none, w) -> {},
                        null,
                        ServerState::read)
                .get(40, SECONDS);
    }

    long answered() {
        return answered.get();
    }

    /** Null while every call was answered. */
    Throwable failure() {
        return failure.get();
    }

    @Override
    public void close() {
        ended = true;
        transports.close();
    }
}
