package io.mooring.failover.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.posix.testing.Ip;
import io.mooring.posix.testing.NetNamespace;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the kernel: an address that goes and comes in a namespace, and a client that does not know of it. */
class TickleSocketTest {
    private static final int CLIENT_TIMEOUT_MILLIS = 10_000;

    /** A listener, a connection to it, and its server's end. */
    private record Ends(ServerSocketChannel listener, SocketChannel client, SocketChannel server) {

        static Ends connect(InetAddress address) throws IOException {
            boolean four = address instanceof Inet4Address;
            ServerSocketChannel listener =
                    ServerSocketChannel.open(four ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
            listener.bind(new InetSocketAddress(Ip.of(four ? "0.0.0.0" : "::"), 0));
            // As the servers do: a second instance would still have been refused.
            listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            SocketChannel client = SocketChannel.open(new InetSocketAddress(address, port));
            SocketChannel server = listener.accept();
            server.setOption(StandardSocketOptions.SO_LINGER, 0);
            return new Ends(listener, client, server);
        }

        Connection connection() throws IOException {
            return new Connection("nfsd", (InetSocketAddress) client.getRemoteAddress(), (InetSocketAddress)
                    client.getLocalAddress());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.50", "2001:db8::50"})
    void aClientLearnsAtOnceThatItsConnectionIsGone(String literal) throws Exception {
        InetAddress address = Ip.of(literal);
        String home = literal + (literal.contains(":") ? "/128" : "/32") + " dev lo";
        String other = literal.contains(":") ? "2001:db8::7/128 dev lo" : "192.0.2.7/32 dev lo";
        try (NetNamespace host = NetNamespace.create()) {
            host.ip("link set lo up");
            host.ip("addr add " + other);
            host.ip("addr add " + home);
            Ends ends = host.call(() -> Ends.connect(address));
            Connection connection = ends.connection();
            host.ip("addr del " + home);
            // Silently: no reset leaves from an address that is gone.
            ends.server().close();
            assertThatThrownBy(() -> send(host, connection)).isInstanceOf(IOException.class);
            host.ip("addr add " + home);
            assertThat(ends.client().isConnected()).isTrue();
            ends.client().socket().setSoTimeout(CLIENT_TIMEOUT_MILLIS);
            send(host, connection);
            assertThatThrownBy(() -> ends.client().socket().getInputStream().read())
                    .hasMessageContaining("reset");
            ends.client().close();
            ends.listener().close();
        }
    }

    private static void send(NetNamespace host, Connection connection) throws Exception {
        host.call(() -> {
            TickleSocket.send(connection);
            return null;
        });
    }
}
