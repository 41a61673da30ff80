package io.mooring.sunrpc.internal.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.net.StandardSocketOptions;
import java.nio.channels.spi.SelectorProvider;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event loops that all servers and clients share, and the channels that fit them. Thread-safe. */
@SuppressWarnings("FutureReturnValueIgnored") // Futures that only tell when something ended.
public final class EventLoops implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);
    private static final int CLOSE_SECONDS = 5;

    /** socket(7) SOL_SOCKET, and SO_BINDTOIFINDEX of asm-generic/socket.h, which needs no capability. */
    private static final IntegerUnixChannelOption INTERFACE = new IntegerUnixChannelOption("SO_BINDTOIFINDEX", 1, 62);
    /** In each network namespace. */
    private static final int LOOPBACK_INDEX = 1;

    /** What moves the bytes. */
    public enum Kind {
        AUTO,
        EPOLL,
        NIO;

        /** "auto", "epoll" or "nio". */
        public static Kind parse(String value) {
            for (Kind kind : values()) {
                if (kind.name().equals(value.trim().toUpperCase(Locale.ROOT))) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("transport is \"" + value + "\": use auto, epoll or nio");
        }
    }

    private final boolean epoll;
    private final EventLoopGroup group;

    private EventLoops(boolean epoll, int threads) {
        this.epoll = epoll;
        DefaultThreadFactory names = new DefaultThreadFactory("mooring-rpc", true);
        group = new MultiThreadIoEventLoopGroup(
                threads, names, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    /**
     * Starts the loops, and says which kind they are.
     *
     * @param kind AUTO takes native epoll where it is available
     * @param threads 0 for one per processor
     */
    public static EventLoops open(Kind kind, int threads) {
        boolean available = kind != Kind.NIO && Epoll.isAvailable();
        int count = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        if (kind != Kind.NIO && !available) {
            LOG.info("RPC transport: NIO, {} event loops (native epoll is not available: {})", count, cause());
        } else {
            LOG.info("RPC transport: {}, {} event loops", available ? "native epoll" : "NIO", count);
        }
        return new EventLoops(available, count);
    }

    private static String cause() {
        Throwable cause = Epoll.unavailabilityCause();
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause);
    }

    public EventLoopGroup group() {
        return group;
    }

    /** Whether the calling thread is one of the loops: it must not wait for another one. */
    public boolean onLoop() {
        for (EventExecutor loop : group) {
            if (loop.inEventLoop()) {
                return true;
            }
        }
        return false;
    }

    /** A listening socket; without a family IPv6 that takes IPv4 too, where the host has IPv6. */
    public ServerChannel listener(SocketProtocolFamily family) {
        if (epoll) {
            return family == null ? new EpollServerSocketChannel() : new EpollServerSocketChannel(family);
        }
        return family == null ? new NioServerSocketChannel() : new NioServerSocketChannel(nioProvider(), family);
    }

    public Channel stream(SocketProtocolFamily family) {
        return epoll ? new EpollSocketChannel(family) : new NioSocketChannel(nioProvider(), family);
    }

    public Channel datagram(SocketProtocolFamily family) {
        return epoll ? new EpollDatagramChannel(family) : new NioDatagramChannel(family);
    }

    /**
     * Lets the kernel take only so many bytes of a connection before they can be sent, so that what was written was
     * nearly read. NIO cannot say so; there the whole send buffer is that small.
     */
    public void limitUnsent(ServerBootstrap bootstrap, int bytes) {
        if (epoll) {
            bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) bytes);
        } else {
            bootstrap.childOption(ChannelOption.SO_SNDBUF, bytes);
        }
    }

    /** Lets later sockets of this user bind the port of a listening one; "address in use" protects it until then. */
    public void shareBoundPort(Channel listener) {
        if (epoll) {
            listener.config().setOption(EpollChannelOption.SO_REUSEPORT, true);
        } else {
            listener.config().setOption(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
        }
    }

    /**
     * Lets nothing leave by this connection any more, not even the reset with which it ends: it is bound to loopback, from where
     * no way leads to the other end. NIO cannot do that.
     */
    public void silence(Channel connection) {
        if (!epoll) {
            return;
        }
        try {
            connection.config().setOption(INTERFACE, LOOPBACK_INDEX);
        } catch (ChannelException e) {
            LOG.debug("RPC: {} is not silenced", connection, e);
        }
    }

    /**
     * Completes when the kernel's socket is closed. A NIO channel's is not yet when Netty says that the channel is, but
     * after the selector's next turn; a scheduled task runs after that.
     */
    public CompletableFuture<Void> closed(Channel channel) {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        channel.closeFuture().addListener(closed -> {
            if (epoll) {
                gone.complete(null);
                return;
            }
            try {
                channel.eventLoop().schedule(() -> gone.complete(null), 1, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                // The loops ended, and their selectors with them.
                gone.complete(null);
            }
        });
        return gone;
    }

    /** Ends the loops, and waits for it within a bound. */
    @Override
    public void close() {
        var ended = group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
        if (!onLoop() && !ended.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("RPC event loops are still busy after {} s", CLOSE_SECONDS);
        }
    }

    private static SelectorProvider nioProvider() {
        return SelectorProvider.provider();
    }
}
