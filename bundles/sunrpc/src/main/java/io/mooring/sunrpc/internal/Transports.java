package io.mooring.sunrpc.internal;

import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcServerOptions;
import io.mooring.sunrpc.RpcTransportService;
import io.mooring.sunrpc.internal.client.ClientFactory;
import io.mooring.sunrpc.internal.client.ClientSet;
import io.mooring.sunrpc.internal.server.NettyRpcServer;
import io.mooring.sunrpc.internal.server.ServerEnvironment;
import io.mooring.sunrpc.internal.server.SocketTable;
import io.mooring.sunrpc.internal.server.Timer;
import io.mooring.sunrpc.internal.transport.EventLoops;
import io.mooring.sunrpc.internal.transport.LocalAddresses;
import io.mooring.sunrpc.internal.transport.TransportRegistry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The RPC transport service: event loops, and the servers and clients on them. Thread-safe. */
public final class Transports implements RpcTransportService, AutoCloseable {
    private final EventLoops loops;
    private final ServerObserver observer;
    private final ServerEnvironment environment;
    private final ClientSet clients;
    private final List<RpcServer> servers = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /** Takes the event loops over. */
    public Transports(EventLoops loops, ServerObserver observer) {
        this.loops = loops;
        this.observer = observer;
        AtomicLong ids = new AtomicLong();
        InstantSource clock = InstantSource.system();
        ClientFactory factory = new ClientFactory(
                loops,
                ids::incrementAndGet,
                clock,
                () -> ThreadLocalRandom.current().nextInt());
        environment = new ServerEnvironment(
                loops,
                factory,
                ids::incrementAndGet,
                clock,
                timer(loops),
                LocalAddresses::isPresent,
                SocketTable.ofKernel());
        clients = new ClientSet(factory, new TransportRegistry(0, LocalAddresses::isPresent));
    }

    /** With defaults, observed by nobody. */
    public static Transports open() {
        return new Transports(EventLoops.open(EventLoops.Kind.AUTO, 0), ServerObserver.NONE);
    }

    private static Timer timer(EventLoops loops) {
        return (period, task) -> {
            var scheduled = loops.group()
                    .next()
                    .scheduleAtFixedRate(task, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        };
    }

    @Override
    public RpcServer openServer(RpcServerOptions options) throws IOException {
        NettyRpcServer server = NettyRpcServer.open(options, environment, this::closing);
        servers.add(server);
        observer.opened(server);
        if (closed) {
            server.close();
            closing(server);
            throw new IOException("the RPC transport service is closed");
        }
        return server;
    }

    private void closing(RpcServer server) {
        servers.remove(server);
        observer.closing(server);
    }

    @Override
    public RpcClient openClient(RpcClientOptions options) {
        return clients.open(options);
    }

    @Override
    public List<RpcServer> servers() {
        return List.copyOf(servers);
    }

    /** Closes all servers and clients, then the event loops, within a bound of seconds. */
    @Override
    public void close() {
        closed = true;
        servers.forEach(RpcServer::close);
        clients.close();
        loops.close();
    }
}
