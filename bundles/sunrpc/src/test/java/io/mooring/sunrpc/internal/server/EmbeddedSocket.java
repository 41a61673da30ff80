package io.mooring.sunrpc.internal.server;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DefaultSocketChannelConfig;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import java.net.InetSocketAddress;
import java.net.Socket;

/** An accepted connection without a socket: what it reads and writes passes through the test. Used by one thread. */
final class EmbeddedSocket extends EmbeddedChannel implements SocketChannel {
    private final InetSocketAddress local = new InetSocketAddress(Rig.ONE, 2049);
    private final InetSocketAddress remote = new InetSocketAddress(Rig.TWO, 700);
    private SocketChannelConfig config;

    EmbeddedSocket(ByteBufAllocator allocator) throws Exception {
        super(DefaultChannelId.newInstance(), false, false);
        config().setAllocator(allocator);
        register();
    }

    /** Asked for before this object's own fields are set. */
    @Override
    public SocketChannelConfig config() {
        if (config == null) {
            config = new Config(this);
        }
        return config;
    }

    /** Options of a socket that is not there. */
    private static final class Config extends DefaultSocketChannelConfig {
        Config(SocketChannel channel) {
            super(channel, new Socket());
        }

        @Override
        public SocketChannelConfig setTcpNoDelay(boolean tcpNoDelay) {
            return this;
        }

        @Override
        public SocketChannelConfig setSoLinger(int soLinger) {
            return this;
        }
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public ServerSocketChannel parent() {
        return null;
    }

    @Override
    public boolean isInputShutdown() {
        return !isOpen();
    }

    @Override
    public boolean isOutputShutdown() {
        return !isOpen();
    }

    @Override
    public boolean isShutdown() {
        return !isOpen();
    }

    @Override
    public ChannelFuture shutdownInput() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ChannelFuture shutdownOutput() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ChannelFuture shutdown() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        throw new UnsupportedOperationException();
    }
}
