package io.mooring.sunrpc.internal.client;

import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrEncoder;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.internal.transport.AddressKey;
import io.mooring.sunrpc.internal.transport.TransportRegistry;
import io.mooring.sunrpc.internal.transport.TransportRegistry.Verdict;
import io.mooring.sunrpc.internal.wire.CallMessage;
import io.mooring.sunrpc.internal.wire.Records;
import io.mooring.sunrpc.internal.wire.ReplyMessage;
import io.mooring.sunrpc.internal.xdr.ByteBufXdrReader;
import io.mooring.sunrpc.internal.xdr.ByteBufXdrWriter;
import io.mooring.sunrpc.internal.xdr.Message;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A client of one server. Thread-safe: a call is encoded on the caller's thread; all else, and the completion of the
 * futures, happens on one event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells failures to the pipeline or the listener.
final class NettyRpcClient implements RpcClient {
    private static final int MAX_DATAGRAM = 64 << 10;

    private final RpcClientOptions options;
    private final ClientFactory factory;
    private final TransportRegistry registry;
    private final Consumer<NettyRpcClient> onClose;
    private final EventLoop loop;
    private final boolean tcp;
    private final AtomicInteger nextXid;

    private final IntObjectMap<PendingCall<?>> pending = new IntObjectHashMap<>();
    /** Calls that wait for the connection; some of them may have ended meanwhile. */
    private final List<PendingCall<?>> unsent = new ArrayList<>();

    private ClientConnection connection;
    private boolean connecting;
    private boolean closed;

    NettyRpcClient(
            RpcClientOptions options,
            ClientFactory factory,
            TransportRegistry registry,
            Consumer<NettyRpcClient> onClose) {
        this.options = options;
        this.factory = factory;
        this.registry = registry;
        this.onClose = onClose;
        loop = factory.loops().group().next();
        tcp = options.netid().isTcp();
        nextXid = new AtomicInteger(factory.firstXids().getAsInt());
    }

    @Override
    public <A, R> CompletableFuture<R> call(
            int program, int version, int procedure, XdrEncoder<A> encoder, A arguments, XdrDecoder<R> decoder) {
        int xid = nextXid.getAndIncrement();
        CallMessage.Call header = new CallMessage.Call(xid, program, version, procedure, options.credential());
        ByteBufXdrWriter writer = new ByteBufXdrWriter(ByteBufAllocator.DEFAULT, tcp ? Records.MARK_BYTES : 0);
        try {
            CallMessage.write(header, writer);
            encoder.write(arguments, writer);
        } catch (RuntimeException e) {
            writer.release();
            return CompletableFuture.failedFuture(e);
        }
        Message message = writer.take();
        if (tcp) {
            Records.mark(message);
        }
        PendingCall<R> call = new PendingCall<>(xid, message.joined(), decoder);
        try {
            loop.execute(() -> begin(call, header));
        } catch (RejectedExecutionException e) {
            call.fail(new IOException("the RPC transport service is closed", e));
        }
        return call.result();
    }

    private void begin(PendingCall<?> call, CallMessage.Call header) {
        if (closed) {
            call.fail(new IOException("the client was closed"));
            return;
        }
        pending.put(call.xid(), call);
        call.timeoutBy(
                loop.schedule(() -> timedOut(call, header), options.timeout().toNanos(), TimeUnit.NANOSECONDS));
        if (!tcp) {
            retransmitLater(call, options.retransmission().toNanos());
        }
        if (connection != null) {
            connection.send(call.request());
            return;
        }
        unsent.add(call);
        if (!connecting) {
            connect();
        }
    }

    private void timedOut(PendingCall<?> call, CallMessage.Call header) {
        pending.remove(call.xid());
        unsent.remove(call);
        call.fail(new TimeoutException("program " + header.program() + " version " + header.version() + " procedure "
                + header.procedure() + ": no answer from " + options.remote() + " within " + options.timeout()));
    }

    private void retransmitLater(PendingCall<?> call, long nanos) {
        call.retransmitBy(loop.schedule(
                () -> {
                    if (connection != null) {
                        connection.send(call.request());
                    }
                    if (pending.get(call.xid()) == call) {
                        retransmitLater(call, nanos * 2);
                    }
                },
                nanos,
                TimeUnit.NANOSECONDS));
    }

    private void connect() {
        connecting = true;
        AddressKey remote = AddressKey.of(options.remote().getAddress());
        SocketProtocolFamily family = remote.isIpv4() ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .disableResolver()
                .channelFactory(() ->
                        tcp ? factory.loops().stream(family) : factory.loops().datagram(family))
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInboundHandlerAdapter());
        if (tcp) {
            int millis = (int) Math.min(Integer.MAX_VALUE, options.timeout().toMillis());
            bootstrap
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.max(1, millis))
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.SO_KEEPALIVE, true)
                    .option(ChannelOption.SO_LINGER, 0);
        } else {
            bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_DATAGRAM));
        }
        ChannelFuture connected = bootstrap.connect(options.remote(), options.local());
        connected.addListener(done -> connected(connected));
    }

    private void connected(ChannelFuture future) {
        connecting = false;
        Channel channel = future.channel();
        if (!future.isSuccess()) {
            failAll(new IOException(options.remote() + ": " + future.cause().getMessage(), future.cause()));
            return;
        }
        if (closed || channel.localAddress() == null || channel.remoteAddress() == null) {
            channel.close();
            failAll(new IOException("the connection to " + options.remote() + " was closed"));
            return;
        }
        ClientConnection opened = new ClientConnection(factory, this, channel, tcp);
        if (registry.add(opened) != Verdict.ADDED) {
            opened.abort();
            failAll(new IOException("the local address " + opened.localKey() + " was removed"));
            return;
        }
        channel.closeFuture().addListener(end -> registry.remove(opened));
        connection = opened;
        channel.pipeline().addLast(opened);
        channel.config().setAutoRead(true);
        List<PendingCall<?>> waiting = List.copyOf(unsent);
        unsent.clear();
        for (PendingCall<?> call : waiting) {
            if (pending.get(call.xid()) == call) {
                opened.send(call.request());
            }
        }
    }

    /** A reply, or something else; the caller releases it. On the event loop. */
    void received(ByteBuf message) {
        if (message.readableBytes() < 4) {
            return;
        }
        PendingCall<?> call = pending.get(message.readInt());
        if (call == null) {
            // The answer to a retransmission, or to a call that timed out.
            return;
        }
        ByteBufXdrReader reader = new ByteBufXdrReader(message);
        ReplyMessage.Header header;
        try {
            header = ReplyMessage.read(reader);
        } catch (XdrException e) {
            pending.remove(call.xid());
            call.fail(new IOException(options.remote() + " answered with no RPC reply: " + e.getMessage(), e));
            return;
        }
        pending.remove(call.xid());
        if (header.accepted() && header.status() == ReplyMessage.SUCCESS) {
            call.succeed(reader);
        } else {
            call.fail(RpcFailure.of(header));
        }
    }

    /** On the event loop. */
    void lost(ClientConnection which, IOException why) {
        if (connection == which) {
            connection = null;
            failAll(why);
        }
    }

    private void failAll(IOException why) {
        List<PendingCall<?>> failed = List.copyOf(pending.values());
        pending.clear();
        unsent.clear();
        failed.forEach(call -> call.fail(why));
    }

    @Override
    public void close() {
        onClose.accept(this);
        try {
            if (loop.inEventLoop()) {
                closeNow();
            } else {
                loop.execute(this::closeNow);
            }
        } catch (RejectedExecutionException e) {
            // The event loops ended, and the connection with them.
            return;
        }
    }

    private void closeNow() {
        closed = true;
        if (connection != null) {
            ClientConnection last = connection;
            connection = null;
            last.abort();
        }
        failAll(new IOException("the client was closed"));
    }
}
