package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.OneWayCall;
import io.mooring.sunrpc.XdrEncoder;
import io.mooring.sunrpc.internal.transport.AddressKey;
import io.mooring.sunrpc.internal.transport.EventLoops;
import io.mooring.sunrpc.internal.transport.TransportRegistry.Verdict;
import io.mooring.sunrpc.internal.wire.CallMessage;
import io.mooring.sunrpc.internal.xdr.ByteBufXdrWriter;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a UDP socket for each local address, so that a reply leaves from the address that was called. Thread-safe. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells failures to the pipeline or the listener.
final class UdpSockets {
    private static final Logger LOG = LoggerFactory.getLogger(UdpSockets.class);
    private static final int BIND_SECONDS = 5;

    private final ServerShared server;
    private final EventLoops loops;
    private final Map<AddressKey, UdpSocket> open = new ConcurrentHashMap<>();
    /** Of calls that are sent. */
    private final AtomicInteger nextXid;

    /** -1 for none, 0 until the first socket got one. */
    private volatile int port;

    UdpSockets(ServerShared server, ServerEnvironment environment, int port) {
        this.server = server;
        this.loops = environment.loops();
        this.nextXid = new AtomicInteger(environment.clients().firstXids().getAsInt());
        this.port = port;
    }

    int port() {
        return port;
    }

    /** Returns when the socket is bound, or cannot be; on an event loop it does not wait. */
    void open(AddressKey local) {
        if (port < 0 || !server.registry().reserveUdp(local)) {
            return;
        }
        ChannelFuture bound = new Bootstrap()
                .group(loops.group())
                .channelFactory(
                        () -> loops.datagram(local.isIpv4() ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6))
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(UdpSocket.MAX_DATAGRAM))
                // Nothing is read before it is registered.
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInboundHandlerAdapter())
                .bind(new InetSocketAddress(local.address(), port));
        Promise<Void> registered = GlobalEventExecutor.INSTANCE.newPromise();
        bound.addListener(done -> {
            try {
                register(local, bound);
            } finally {
                registered.setSuccess(null);
            }
        });
        if (!loops.onLoop()) {
            registered.awaitUninterruptibly(BIND_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Sends a call from its local address's socket. */
    <A> CompletableFuture<Void> send(OneWayCall call, XdrEncoder<A> encoder, A arguments) {
        UdpSocket socket = open.get(AddressKey.of(call.local()));
        if (socket == null) {
            return CompletableFuture.failedFuture(new IOException(
                    server.name() + " has no UDP socket on " + call.local().getHostAddress()));
        }
        if (!socket.maySend()) {
            return CompletableFuture.failedFuture(new IOException(
                    call.local().getHostAddress() + " is held, or another node's: nothing is sent from it"));
        }
        ByteBufXdrWriter writer = new ByteBufXdrWriter(ByteBufAllocator.DEFAULT, 0);
        try {
            int xid = nextXid.getAndIncrement();
            CallMessage.write(
                    new CallMessage.Call(xid, call.program(), call.version(), call.procedure(), call.credential()),
                    writer);
            encoder.write(arguments, writer);
        } catch (RuntimeException e) {
            writer.release();
            return CompletableFuture.failedFuture(e);
        }
        return socket.send(writer.take(), call.remote());
    }

    private void register(AddressKey local, ChannelFuture bound) {
        DatagramChannel channel = (DatagramChannel) bound.channel();
        if (!bound.isSuccess()) {
            server.registry().releaseUdp(local);
            LOG.warn(BindFailure.of(server.name(), "UDP", local.address(), port, bound.cause())
                    .getMessage());
            return;
        }
        UdpSocket socket = new UdpSocket(server, channel);
        if (port == 0) {
            port = channel.localAddress().getPort();
        }
        if (server.registry().add(socket) != Verdict.ADDED) {
            server.registry().releaseUdp(local);
            channel.close();
            return;
        }
        open.put(local, socket);
        channel.closeFuture().addListener(closed -> {
            open.remove(local, socket);
            server.registry().remove(socket);
        });
        channel.pipeline().addLast(socket);
        server.moorings().admit(socket);
        channel.config().setAutoRead(true);
    }
}
