package io.mooring.lockd.internal.peer;

import io.mooring.lockd.internal.wire.Rpcbind;
import io.mooring.lockd.internal.wire.Rpcbind.Mapping;
import io.mooring.lockd.internal.wire.Rpcbind.Rpcb;
import io.mooring.sunrpc.Netid;
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
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Calls programs of clients, from the service address, at the port that the client's rpcbind names. Thread-safe. A client that
 * does not answer keeps some of its own calls waiting, and nobody else's.
 */
public final class PeerCalls {
    /** Calls under way to one client; more wait for them. */
    static final int PER_CLIENT = 16;

    private final Function<RpcClientOptions, RpcClient> clients;
    private final Duration timeout;
    private final int rpcbindPort;
    private final Executor executor;
    private final Map<InetAddress, Lane> lanes = new HashMap<>();

    /** The calls to one client. */
    private static final class Lane {
        int underWay;
        final Queue<Runnable> waiting = new ArrayDeque<>();
    }

    /** The call was certainly never sent: the program's port could not be found out. */
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
     * @param clients opens the clients that calls are made with
     * @param timeout of each call
     * @param rpcbindPort 111
     * @param executor starts calls that had to wait
     */
    public PeerCalls(
            Function<RpcClientOptions, RpcClient> clients, Duration timeout, int rpcbindPort, Executor executor) {
        this.clients = clients;
        this.timeout = timeout;
        this.rpcbindPort = rpcbindPort;
        this.executor = executor;
    }

    /** Calls a procedure; fails with {@link NotSentException} where the port cannot be found out. */
    public <A, R> CompletableFuture<R> call(
            Peer peer, int procedure, XdrEncoder<A> encoder, A arguments, XdrDecoder<R> decoder) {
        return inLane(
                peer.client(),
                () -> port(peer)
                        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(notSent(peer, failure)))
                        .thenCompose(port -> port == 0
                                ? CompletableFuture.failedFuture(notSent(peer, null))
                                : at(
                                        peer,
                                        port,
                                        client -> client.call(
                                                peer.program(),
                                                peer.version(),
                                                procedure,
                                                encoder,
                                                arguments,
                                                decoder))));
    }

    private static NotSentException notSent(Peer peer, Throwable failure) {
        String why = failure == null
                ? "it is not registered"
                : String.valueOf(cause(failure).getMessage());
        return new NotSentException(
                "program " + peer.program() + " version " + peer.version() + " of "
                        + peer.client().getHostAddress() + " by "
                        + peer.netid().id() + " has no port: " + why,
                failure);
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
            client = clients.apply(new RpcClientOptions(
                    new InetSocketAddress(peer.client(), port),
                    new InetSocketAddress(peer.service(), 0),
                    peer.netid(),
                    new RpcCredential.AuthSys(0, peer.service().getHostAddress(), 0, 0, new int[0]),
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
