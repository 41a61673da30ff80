package io.mooring.lockd.internal.peer;

import io.mooring.lockd.internal.wire.Rpcbind;
import io.mooring.lockd.internal.wire.Rpcbind.Mapping;
import io.mooring.lockd.internal.wire.Rpcbind.Rpcb;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.OneWayCall;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrEncoder;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Calls programs of clients, from the service address, at the port that the client's rpcbind names. Thread-safe. A client that
 * does not answer keeps some of its own calls waiting, and nobody else's.
 */
public final class PeerCalls {
    /** Calls under way to one client; more wait for them. */
    static final int PER_CLIENT = 16;

    /** Messages under way, to all: anybody can ask for one, under any address. */
    static final int MESSAGES = 1024;

    private final PeerTransport transport;
    private final Duration timeout;
    private final int rpcbindPort;
    private final Executor executor;
    private final Map<InetAddress, Lane> lanes = new HashMap<>();
    private final AtomicInteger messages = new AtomicInteger();

    /** The calls to one client. */
    private static final class Lane {
        int underWay;
        final Queue<Runnable> waiting = new ArrayDeque<>();
    }

    /** The call was certainly never sent, as when the program's port could not be found out. */
    public static final class NotSentException extends IOException {
        private static final long serialVersionUID = 1L;

        NotSentException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Whom to call: a client's program, from one of our addresses. */
    public record Peer(InetAddress client, InetAddress service, Netid netid, int program, int version) {

        Peer by(Netid other) {
            return new Peer(client, service, other, program, version);
        }
    }

    /**
     * Calls nobody yet.
     *
     * @param timeout of each call
     * @param rpcbindPort 111
     * @param executor starts calls that had to wait
     */
    public PeerCalls(PeerTransport transport, Duration timeout, int rpcbindPort, Executor executor) {
        this.transport = transport;
        this.timeout = timeout;
        this.rpcbindPort = rpcbindPort;
        this.executor = executor;
    }

    /** Calls a procedure; fails with {@link NotSentException} where the port cannot be found out. */
    public <A, R> CompletableFuture<R> call(
            Peer peer, int procedure, XdrEncoder<A> encoder, A arguments, XdrDecoder<R> decoder) {
        return inLane(
                peer.client(),
                () -> knownPort(peer)
                        .thenCompose(port -> at(
                                peer,
                                port,
                                client -> client.call(
                                        peer.program(), peer.version(), procedure, encoder, arguments, decoder))));
    }

    /**
     * Sends a message, which is answered by another one, if at all. By UDP it leaves from where this server listens, and nobody
     * waits for a reply; by TCP it is a call. Fails with {@link NotSentException} also where too many are under way.
     */
    public <A> CompletableFuture<Void> send(Peer peer, int procedure, XdrEncoder<A> encoder, A arguments) {
        if (messages.incrementAndGet() > MESSAGES) {
            messages.decrementAndGet();
            return CompletableFuture.failedFuture(new NotSentException("too many messages are under way", null));
        }
        CompletableFuture<Void> sent = peer.netid().isTcp()
                ? call(peer, procedure, encoder, arguments, r -> null)
                : inLane(
                        peer.client(),
                        () -> knownPort(peer)
                                .thenCompose(port -> sendTo(port, peer, procedure, encoder, arguments)
                                        .exceptionallyCompose(
                                                failure -> CompletableFuture.failedFuture(notSent(peer, failure)))));
        return sent.whenComplete((none, failure) -> messages.decrementAndGet());
    }

    private <A> CompletableFuture<Void> sendTo(int port, Peer peer, int procedure, XdrEncoder<A> encoder, A arguments) {
        OneWayCall call = new OneWayCall(
                peer.service(),
                new InetSocketAddress(peer.client(), port),
                credential(peer),
                peer.program(),
                peer.version(),
                procedure);
        try {
            return transport.send(call, encoder, arguments);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static RpcCredential credential(Peer peer) {
        return new RpcCredential.AuthSys(0, peer.service().getHostAddress(), 0, 0, new int[0]);
    }

    private static NotSentException notSent(Peer peer, Throwable failure) {
        String why = failure == null
                ? "it is not registered"
                : String.valueOf(cause(failure).getMessage());
        return new NotSentException(
                "program " + peer.program() + " version " + peer.version() + " of "
                        + peer.client().getHostAddress() + " by "
                        + peer.netid().id() + " cannot be called: " + why,
                failure);
    }

    private CompletableFuture<Integer> knownPort(Peer peer) {
        return port(peer)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(notSent(peer, failure)))
                .thenCompose(port -> port == 0
                        ? CompletableFuture.failedFuture(notSent(peer, null))
                        : CompletableFuture.completedFuture(port));
    }

    private CompletableFuture<Integer> port(Peer peer) {
        boolean tcp = peer.netid().isTcp();
        if (peer.client() instanceof Inet4Address) {
            Mapping mapping =
                    new Mapping(peer.program(), peer.version(), tcp ? Rpcbind.IPPROTO_TCP : Rpcbind.IPPROTO_UDP);
            return at(
                    peer,
                    rpcbindPort,
                    client -> client.call(
                            Rpcbind.PROGRAM,
                            Rpcbind.PORTMAP_VERSION,
                            Rpcbind.PMAPPROC_GETPORT,
                            Mapping::write,
                            mapping,
                            Rpcbind::readPort));
        }
        Rpcb rpcb = new Rpcb(peer.program(), peer.version(), tcp ? "tcp6" : "udp6");
        return at(
                peer,
                rpcbindPort,
                client -> client.call(
                        Rpcbind.PROGRAM,
                        Rpcbind.RPCBIND_VERSION,
                        Rpcbind.RPCBPROC_GETADDR,
                        Rpcb::write,
                        rpcb,
                        Rpcbind::readAddressPort));
    }

    /** One call by a client of its own, which is closed afterwards. */
    private <R> CompletableFuture<R> at(Peer peer, int port, Function<RpcClient, CompletableFuture<R>> call) {
        RpcClient client;
        try {
            client = transport.open(new RpcClientOptions(
                    new InetSocketAddress(peer.client(), port),
                    new InetSocketAddress(peer.service(), 0),
                    peer.netid(),
                    credential(peer),
                    timeout,
                    timeout.dividedBy(8)));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(new IOException("no client can be opened: " + e.getMessage(), e));
        }
        return call.apply(client).whenComplete((result, failure) -> client.close());
    }

    private <R> CompletableFuture<R> inLane(InetAddress client, Supplier<CompletableFuture<R>> call) {
        CompletableFuture<R> result = new CompletableFuture<>();
        Runnable start = () -> {
            var unused = call.get().whenComplete((value, failure) -> {
                if (failure == null) {
                    result.complete(value);
                } else {
                    result.completeExceptionally(cause(failure));
                }
                leaveLane(client);
            });
        };
        synchronized (lanes) {
            Lane lane = lanes.computeIfAbsent(client, c -> new Lane());
            if (lane.underWay >= PER_CLIENT) {
                lane.waiting.add(start);
                return result;
            }
            lane.underWay++;
        }
        start.run();
        return result;
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
    }

    private void leaveLane(InetAddress client) {
        Runnable next;
        synchronized (lanes) {
            Lane lane = lanes.get(client);
            next = lane.waiting.poll();
            if (next == null && --lane.underWay == 0) {
                lanes.remove(client);
            }
        }
        if (next != null) {
            executor.execute(next);
        }
    }
}
