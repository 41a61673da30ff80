package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcTransport;
import io.mooring.sunrpc.internal.transport.AddressKey;
import io.mooring.sunrpc.internal.transport.EventLoops;
import io.mooring.sunrpc.internal.transport.OpenTransport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;

/** A listening socket. Connections are admitted on their own event loop, right after they were accepted. Thread-safe. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells failures to the pipeline or the listener.
final class TcpListener implements OpenTransport {
    /** What the kernel takes of replies beyond what it can send now: enough to stay busy, 200 µs at 10 Gbit/s. */
    static final int UNSENT_BYTES = 256 << 10;

    private final long id;
    private final Instant opened;
    private final Channel channel;
    private final InetSocketAddress local;

    private TcpListener(ServerShared server, Channel channel) {
        this.channel = channel;
        id = server.ids().getAsLong();
        opened = server.clock().instant();
        local = (InetSocketAddress) channel.localAddress();
    }

    /**
     * Binds and listens.
     *
     * @param address null for all addresses, IPv6 and IPv4, or IPv4 alone where there is no IPv6
     */
    static TcpListener open(ServerShared server, EventLoops loops, InetAddress address, int port) throws IOException {
        ChannelFuture bound;
        if (address == null) {
            InetSocketAddress any = new InetSocketAddress(port);
            bound = bind(server, loops, null, any);
            if (bound.cause() != null && !BindFailure.isFinal(bound.cause())) {
                bound = bind(server, loops, SocketProtocolFamily.INET, any);
            }
        } else {
            AddressKey key = AddressKey.of(address);
            SocketProtocolFamily family = key.isIpv4() ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
            bound = bind(server, loops, family, new InetSocketAddress(key.address(), port));
        }
        if (bound.cause() != null) {
            throw BindFailure.of(server.name(), "TCP", address, port, bound.cause());
        }
        // Only now: the bind itself must fail where somebody else listens.
        loops.shareBoundPort(bound.channel());
        return new TcpListener(server, bound.channel());
    }

    private static ChannelFuture bind(
            ServerShared server, EventLoops loops, SocketProtocolFamily family, InetSocketAddress address) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channelFactory(() -> loops.listener(family))
                .handler(new AcceptFailures(server))
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                // Every end of a connection is a reset: the orphan of a FIN would outlive the address.
                .childOption(ChannelOption.SO_LINGER, 0)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel child) {
                        admit(server, child);
                    }
                });
        loops.limitUnsent(bootstrap, UNSENT_BYTES);
        return bootstrap.bind(address).awaitUninterruptibly();
    }

    private static void admit(ServerShared server, SocketChannel child) {
        if (child.localAddress() == null || child.remoteAddress() == null) {
            TcpConnection.reset(child);
            return;
        }
        TcpConnection connection = new TcpConnection(server, child);
        switch (server.registry().add(connection)) {
            case ADDED -> {
                server.counters().accepted.increment();
                child.closeFuture().addListener(closed -> {
                    server.registry().remove(connection);
                    connection.report();
                });
                child.pipeline().addLast(connection);
                server.moorings().admit(connection);
            }
            case TOO_MANY -> {
                server.counters().refused.increment();
                server.log()
                        .refused
                        .warn(server.name() + ": connection from " + child.remoteAddress() + " is refused: "
                                + server.limits().maxConnections() + " are open (maxConnections)");
                TcpConnection.reset(child);
            }
            case ADDRESS_REMOVED -> {
                server.counters().closedByAddress.increment();
                TcpConnection.reset(child);
            }
            case SERVER_CLOSED -> TcpConnection.reset(child);
        }
    }

    int port() {
        return local.getPort();
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public RpcTransport.Kind kind() {
        return RpcTransport.Kind.PERMANENT;
    }

    @Override
    public AddressKey localKey() {
        return AddressKey.of(local.getAddress());
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public void abort() {
        channel.close();
    }

    @Override
    public RpcTransport snapshot() {
        Netid netid = localKey().isIpv4() ? Netid.TCP : Netid.TCP6;
        return new RpcTransport(id, kind(), netid, local, null, opened, opened, 0, 0, 0);
    }
}
