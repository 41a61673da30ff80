package io.mooring.sunrpc.internal.server;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.mooring.posix.SockDiag.TcpSocket;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcServerOptions;
import io.mooring.sunrpc.RpcServerOptions.Limits;
import io.mooring.sunrpc.internal.client.ClientFactory;
import io.mooring.sunrpc.internal.transport.AddressKey;
import io.mooring.sunrpc.internal.transport.EventLoops;
import io.netty.channel.epoll.Epoll;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;

/** A server on loopback whose timers, addresses and kernel socket table the test holds. */
final class Rig implements AutoCloseable {
    static final InetAddress ONE = address("127.0.0.1");
    static final InetAddress TWO = address("127.0.0.2");
    static final InetAddress SIX = address("::1");

    final EventLoops loops;
    final TestProgram program = new TestProgram();
    final Map<Duration, Runnable> timers = new ConcurrentHashMap<>();
    final Set<AddressKey> present = ConcurrentHashMap.newKeySet();
    /** What the kernel says of sockets; destroying takes one out. */
    final List<TcpSocket> kernel = new CopyOnWriteArrayList<>();

    final List<TcpSocket> destroyed = new CopyOnWriteArrayList<>();
    volatile boolean mayDestroy = true;
    final NettyRpcServer server;
    final ServerEnvironment environment;

    Rig(EventLoops.Kind kind) {
        this(kind, Limits.defaults());
    }

    Rig(EventLoops.Kind kind, Limits limits) {
        this(kind, limits, false);
    }

    /**
     * @param realKernel whether the socket table is the kernel's
     */
    Rig(EventLoops.Kind kind, Limits limits, boolean realKernel) {
        Assumptions.assumeTrue(
                kind != EventLoops.Kind.EPOLL || Epoll.isAvailable(), "native epoll is not available here");
        loops = EventLoops.open(kind, 2);
        AtomicLong ids = new AtomicLong();
        ClientFactory clients = new ClientFactory(
                loops,
                ids::incrementAndGet,
                Instant::now,
                () -> ThreadLocalRandom.current().nextInt());
        environment = new ServerEnvironment(
                loops,
                clients,
                ids::incrementAndGet,
                Instant::now,
                (period, task) -> {
                    timers.put(period, task);
                    return () -> timers.remove(period);
                },
                present::contains,
                realKernel ? SocketTable.ofKernel() : new FakeSockets());
        try {
            server = open(new RpcServerOptions("test", program.programs(), List.of(), 0, 0, limits));
        } catch (IOException e) {
            loops.close();
            throw new UncheckedIOException(e);
        }
    }

    NettyRpcServer open(RpcServerOptions options) throws IOException {
        return NettyRpcServer.open(options, environment, closing -> {});
    }

    private final class FakeSockets implements SocketTable {
        @Override
        public List<TcpSocket> dump(InetAddress local, int localPort) {
            return kernel.stream()
                    .filter(s ->
                            s.local().getAddress().equals(local) && s.local().getPort() == localPort)
                    .toList();
        }

        @Override
        public boolean destroy(TcpSocket socket) {
            if (!mayDestroy) {
                return false;
            }
            destroyed.add(socket);
            return kernel.remove(socket);
        }
    }

    /** Processor time that the event loops have used so far. */
    long loopNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("mooring-rpc")) {
                sum += threads.getThreadCpuTime(thread.getThreadId());
            }
        }
        return sum;
    }

    RawConnection connect(InetAddress to) throws IOException {
        return new RawConnection(null, new InetSocketAddress(to, server.tcpPort()));
    }

    RpcClient client(Netid netid, InetAddress to) {
        int port = netid.isTcp() ? server.tcpPort() : server.udpPort();
        return server.openClient(RpcClientOptions.of(netid, new InetSocketAddress(to, port)));
    }

    /** Calls ECHO and returns whether the answer is right. */
    static boolean echoes(RpcClient client) throws Exception {
        byte[] text = {1, 2, 3};
        byte[] answer = client.call(
                        TestProgram.NUMBER, 3, TestProgram.ECHO, (b, w) -> w.writeOpaque(b), text, r -> r.readOpaque(9))
                .get(20, SECONDS);
        return Arrays.equals(text, answer);
    }

    /** Runs the timer of this period once, and returns when the event loops have done what it gave them. */
    void tick(Duration period) throws Exception {
        timers.get(period).run();
        settle();
    }

    /** Returns when the event loops have done what they had been given. */
    void settle() throws Exception {
        for (EventExecutor loop : loops.group()) {
            loop.submit(() -> {}).get(20, SECONDS);
        }
    }

    @Override
    public void close() {
        program.gate.release(1000);
        server.close();
        loops.close();
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getAllByName(literal)[0];
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }
}
