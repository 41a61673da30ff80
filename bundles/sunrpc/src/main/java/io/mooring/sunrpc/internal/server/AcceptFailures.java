package io.mooring.sunrpc.internal.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/**
 * Handles a listener's failures, which are failures to accept: most often the process has no descriptor left. Trying
 * again at once would only burn time. Owned by the listener's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // The pause ends, or the loop does.
final class AcceptFailures extends ChannelInboundHandlerAdapter {
    private static final int PAUSE_SECONDS = 1;

    private final ServerShared server;

    AcceptFailures(ServerShared server) {
        this.server = server;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        server.log()
                .transports
                .warn(server.name() + ": cannot accept connections on "
                        + context.channel().localAddress() + ": " + cause.getMessage()
                        + " (is the limit of open files, ulimit -n, too small?)");
        Channel listener = context.channel();
        if (listener.isOpen() && listener.config().isAutoRead()) {
            listener.config().setAutoRead(false);
            context.executor().schedule(() -> listener.config().setAutoRead(true), PAUSE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
