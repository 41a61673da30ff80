package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.AddressKeeper;
import io.mooring.sunrpc.MooredAddress;
import io.mooring.sunrpc.OneWayCall;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcServerOptions;
import io.mooring.sunrpc.RpcServerOptions.Limits;
import io.mooring.sunrpc.RpcServerStatistics;
import io.mooring.sunrpc.RpcTransport;
import io.mooring.sunrpc.XdrEncoder;
import io.mooring.sunrpc.internal.client.ClientSet;
import io.mooring.sunrpc.internal.replay.ReplayCache;
import io.mooring.sunrpc.internal.transport.AddressKey;
import io.mooring.sunrpc.internal.transport.OpenTransport;
import io.mooring.sunrpc.internal.transport.TransportRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server: its transports, its workers, and their end. Thread-safe. */
public final class NettyRpcServer implements RpcServer {
    private static final Logger LOG = LoggerFactory.getLogger(NettyRpcServer.class);
    private static final Duration WATCH_PERIOD = Duration.ofSeconds(1);

    private final RpcServerOptions options;
    private final ServerEnvironment environment;
    private final Consumer<RpcServer> onClose;
    private final ProgramTable programs;
    private final WorkerPool workers;
    private final TransportRegistry registry;
    private final ServerShared shared;
    private final AddressSweep sweep;
    private final UdpSockets udp;
    private final ClientSet clients;
    private final int tcpPort;
    private final List<Runnable> timers = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Opens a server.
     *
     * @param onClose told before anything is closed
     * @throws IOException where a port cannot be bound; nothing stays open
     */
    public static NettyRpcServer open(
            RpcServerOptions options, ServerEnvironment environment, Consumer<RpcServer> onClose) throws IOException {
        return new NettyRpcServer(options, environment, onClose);
    }

    private NettyRpcServer(RpcServerOptions options, ServerEnvironment environment, Consumer<RpcServer> onClose)
            throws IOException {
        this.options = options;
        this.environment = environment;
        this.onClose = onClose;
        Limits limits = checked(options.limits());
        programs = new ProgramTable(options.programs());
        workers = new WorkerPool(options.name(), limits.workers(), 2L * limits.calls() + limits.maxConnections());
        registry = new TransportRegistry(limits.maxConnections(), environment.presentAddresses());
        ServerCounters counters = new ServerCounters();
        ServerLog log = new ServerLog(LOG);
        ReplayCache<ServerCall> replies = new ReplayCache<>(limits.replayEntries(), limits.replayBytes());
        shared = new ServerShared(
                options.name(),
                limits,
                environment.ids(),
                environment.clock(),
                new InFlight(limits),
                new InFlight(limits),
                counters,
                registry,
                new Moorings(limits, registry, new Notes(programs), log),
                new Dispatcher(programs, replies, workers, counters, log),
                log);
        sweep = new AddressSweep(options.name(), environment.loops(), registry, environment.sockets());
        clients = new ClientSet(environment.clients(), registry);
        try {
            tcpPort = options.tcpPort() < 0 ? -1 : listen();
        } catch (IOException e) {
            close();
            throw e;
        }
        boolean asTcp = options.udpPort() == 0 && tcpPort > 0;
        udp = new UdpSockets(shared, environment, asTcp ? tcpPort : options.udpPort());
        startTimers();
    }

    private static Limits checked(Limits limits) {
        if (limits.bytes() / 2 < limits.maxRecordBytes()) {
            throw new IllegalArgumentException("bytes in flight are limited to " + limits.bytes()
                    + ": half of that must hold a record of maxRecordBytes, " + limits.maxRecordBytes());
        }
        if (limits.workers() < 1 || limits.calls() < 1 || limits.callsPerConnection() < 1) {
            throw new IllegalArgumentException("workers, calls and callsPerConnection must be 1 or more: " + limits);
        }
        return limits;
    }

    private int listen() throws IOException {
        List<InetAddress> addresses = new ArrayList<>(options.addresses());
        if (addresses.isEmpty()) {
            addresses.add(null);
        }
        int port = options.tcpPort();
        for (InetAddress address : addresses) {
            TcpListener listener = TcpListener.open(shared, environment.loops(), address, port);
            port = listener.port();
            registry.add(listener);
            listener.channel().closeFuture().addListener(end -> registry.remove(listener));
        }
        return port;
    }

    private void startTimers() {
        Duration idle = options.limits().idleTimeout();
        if (!idle.isZero()) {
            timers.add(environment.timer().every(idle, new AgingTimer(shared)));
        }
        timers.add(environment.timer().every(WATCH_PERIOD, new StallWatch(shared, System::nanoTime)));
    }

    /** For what watches the server. */
    ServerShared shared() {
        return shared;
    }

    TransportRegistry registry() {
        return registry;
    }

    @Override
    public String name() {
        return options.name();
    }

    @Override
    public List<RpcProgram> programs() {
        return options.programs();
    }

    @Override
    public int tcpPort() {
        return tcpPort;
    }

    @Override
    public int udpPort() {
        return udp.port();
    }

    @Override
    public List<RpcTransport> transports() {
        return registry.snapshot();
    }

    @Override
    public void addressAdded(InetAddress local) {
        AddressKey key = AddressKey.of(local);
        registry.addressAdded(key);
        destroyOrphans(key);
        udp.open(key);
    }

    @Override
    public int closeTransports(InetAddress local) {
        AddressKey key = AddressKey.of(local);
        List<OpenTransport> gone = registry.addressRemoved(key);
        shared.counters().closedByAddress.add(gone.size());
        if (leavesSilently(key)) {
            gone.stream()
                    .filter(transport -> transport.kind() == RpcTransport.Kind.TEMPORARY)
                    .forEach(transport -> environment.loops().silence(transport.channel()));
        }
        closeAndVerify(key, gone);
        return gone.size();
    }

    /**
     * Whether clients hear of it from whoever has the address next. Told now, they would look for it where it is not, and wait.
     * With IPv4 the kernel has no way for what we would tell them; with IPv6 it has.
     */
    private boolean leavesSilently(AddressKey local) {
        return !local.isIpv4()
                && shared.moorings().has(local)
                && !environment.presentAddresses().test(local);
    }

    private void destroyOrphans(AddressKey key) {
        try {
            sweep.destroyOrphans(key, tcpPort, workers);
        } catch (RejectedExecutionException e) {
            LOG.debug("{} was closed, and all its sockets with it", name());
        }
    }

    private void closeAndVerify(AddressKey key, List<OpenTransport> gone) {
        try {
            sweep.sweep(key, tcpPort, gone, workers);
        } catch (RejectedExecutionException e) {
            LOG.debug("{} was closed, and all its sockets with it", name());
        }
    }

    @Override
    public boolean closeTransport(long id) {
        OpenTransport transport = registry.temporary(id);
        if (transport == null) {
            return false;
        }
        sweep.close(List.of(transport));
        return true;
    }

    @Override
    public <A> CompletableFuture<Void> send(OneWayCall call, XdrEncoder<A> encoder, A arguments) {
        return udp.send(call, encoder, arguments);
    }

    @Override
    public RpcClient openClient(RpcClientOptions client) {
        return clients.open(client);
    }

    @Override
    public MooredAddress moor(InetAddress local, AddressKeeper keeper) {
        return shared.moorings().moor(AddressKey.of(local), keeper);
    }

    @Override
    public RpcServerStatistics statistics() {
        ServerCounters counters = shared.counters();
        return new RpcServerStatistics(
                counters.accepted.sum(),
                counters.refused.sum(),
                counters.closedByAddress.sum(),
                counters.closedIdle.sum(),
                counters.badRecords.sum(),
                counters.rpcErrors.sum(),
                counters.replays.sum(),
                shared.newcomers().calls() + shared.proven().calls(),
                shared.newcomers().bytes() + shared.proven().bytes(),
                programs.statistics());
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        onClose.accept(this);
        timers.forEach(Runnable::run);
        List<OpenTransport> all = registry.close();
        clients.close();
        sweep.close(all);
        // Calls still queued find their transport closed, and are dropped.
        workers.shutdown();
        if (!environment.loops().onLoop() && !workers.onWorker()) {
            workers.awaitEnd();
        }
    }
}
