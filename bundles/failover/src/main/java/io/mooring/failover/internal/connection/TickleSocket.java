package io.mooring.failover.internal.connection;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/**
 * Tells a client that its connection is gone: begins to connect from our end to its end, and ends that at once. The client
 * answers the SYN, which fits none of its connections' numbers, with a challenge ACK; our listener, which does not know the
 * connection, answers that with a reset that fits. The server's listener must have SO_REUSEPORT. Stateless.
 */
public final class TickleSocket {

    private TickleSocket() {}

    /**
     * Sends one; never blocks.
     *
     * @throws IOException where our address is gone, or the port cannot be shared
     */
    public static void send(Connection connection) throws IOException {
        ProtocolFamily family = connection.local().getAddress() instanceof Inet4Address
                ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6;
        try (SocketChannel channel = SocketChannel.open(family)) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            // Without a FIN: the half-open connection is forgotten at once.
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.bind(connection.local());
            channel.connect(connection.client());
        }
    }
}
