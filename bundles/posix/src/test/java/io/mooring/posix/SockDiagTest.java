package io.mooring.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mooring.posix.SockDiag.TcpSocket;
import io.mooring.posix.testing.Ip;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On this host's loopback interface, with sockets of its own. */
class SockDiagTest {

    /** A listener on the wildcard (dual-stack where Java is so) and one connection to it. */
    private record Pair(ServerSocketChannel listener, SocketChannel client, SocketChannel accepted)
            implements AutoCloseable {

        static Pair connect(String bind, String host) throws IOException {
            ServerSocketChannel listener = ServerSocketChannel.open();
            listener.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
            listener.bind(new InetSocketAddress(Ip.of(bind), 0));
            SocketChannel client = SocketChannel.open();
            client.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
            client.connect(new InetSocketAddress(Ip.of(host), port(listener)));
            return new Pair(listener, client, listener.accept());
        }

        int port() throws IOException {
            return port(listener);
        }

        private static int port(ServerSocketChannel listener) throws IOException {
            return ((InetSocketAddress) listener.getLocalAddress()).getPort();
        }

        @Override
        public void close() throws IOException {
            client.close();
            accepted.close();
            listener.close();
        }
    }

    @Test
    void findsAnIpv4ConnectionOfADualStackListener() throws IOException {
        try (Pair pair = Pair.connect("::", "127.0.0.1")) {
            List<TcpSocket> found = SockDiag.dump(Ip.of("127.0.0.1"), pair.port());

            assertThat(found).hasSize(1);
            TcpSocket socket = found.get(0);
            assertThat(socket.local()).isEqualTo(pair.accepted().getLocalAddress());
            assertThat(socket.remote()).isEqualTo(pair.client().getLocalAddress());
            assertThat(socket.state()).isEqualTo(TcpSocket.ESTABLISHED);
            assertThat(socket.family()).isEqualTo(10);
            assertThat(socket.inode()).isNotZero();
        }
    }

    @Test
    void findsAPlainIpv4ConnectionByItsOtherEnd() throws IOException {
        try (Pair pair = Pair.connect("127.0.0.1", "127.0.0.1")) {
            assertThat(SockDiag.dump(Ip.of("127.0.0.1"), pair.port()))
                    .extracting(TcpSocket::state)
                    .containsExactlyInAnyOrder(TcpSocket.LISTEN, TcpSocket.ESTABLISHED);
        }
    }

    @Test
    void findsAnIpv6Connection() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/net/if_inet6")), "this host has no IPv6");
        try (Pair pair = Pair.connect("::1", "::1")) {
            assertThat(SockDiag.dump(Ip.of("::1"), pair.port()))
                    .hasSize(2)
                    .allSatisfy(socket -> assertThat(socket.family()).isEqualTo(10));
        }
    }

    @Test
    void leavesOutOtherAddressesAndPorts() throws IOException {
        try (Pair pair = Pair.connect("::", "127.0.0.1")) {
            assertThat(SockDiag.dump(Ip.of("127.0.0.2"), pair.port())).isEmpty();
            int clientPort = ((InetSocketAddress) pair.client().getLocalAddress()).getPort();
            assertThat(SockDiag.dump(Ip.of("127.0.0.1"), clientPort)).hasSize(1);
        }
    }

    /** Closed with unsent data and a client that does not read: FIN-WAIT-1 without a process. */
    @Test
    void findsAnOrphanAndDestroysIt() throws IOException {
        InetAddress loopback = Ip.of("127.0.0.1");
        try (Pair pair = Pair.connect("::", "127.0.0.1")) {
            fill(pair.accepted());
            pair.accepted().close();

            List<TcpSocket> found = SockDiag.dump(loopback, pair.port());
            assertThat(found).hasSize(1);
            assertThat(found.get(0).inode()).isZero();
            assertThat(found.get(0).state()).isEqualTo(TcpSocket.FIN_WAIT1);

            assumeTrue(SockDiag.destroy(found.get(0)), "SOCK_DESTROY is not permitted: not root");
            await().untilAsserted(() ->
                    assertThat(SockDiag.dump(loopback, pair.port())).isEmpty());
            assertThat(SockDiag.destroy(found.get(0))).as("it is gone").isFalse();
        }
    }

    @Test
    void destroysALivingConnectionWithAReset() throws IOException {
        try (Pair pair = Pair.connect("::", "127.0.0.1")) {
            TcpSocket socket = SockDiag.dump(Ip.of("127.0.0.1"), pair.port()).get(0);

            assumeTrue(SockDiag.destroy(socket), "SOCK_DESTROY is not permitted: not root");
            assertThatThrownBy(() -> pair.client().read(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aStaleCookieDestroysNothing() throws IOException {
        try (Pair pair = Pair.connect("::", "127.0.0.1")) {
            TcpSocket it = SockDiag.dump(Ip.of("127.0.0.1"), pair.port()).get(0);
            TcpSocket stale = new TcpSocket(
                    it.local(), it.remote(), it.state(), it.inode(), it.cookie() + 1, it.family(), it.interfaceIndex());

            assertThat(SockDiag.destroy(stale)).isFalse();
            assertThat(pair.client().write(ByteBuffer.allocate(1))).isOne();
        }
    }

    @Test
    void showsTimeWait() throws IOException {
        InetAddress loopback = Ip.of("127.0.0.1");
        try (Pair pair = Pair.connect("::", "127.0.0.1")) {
            pair.accepted().close();
            pair.client().close();

            await().untilAsserted(() -> assertThat(SockDiag.dump(loopback, pair.port()))
                    .extracting(TcpSocket::state)
                    .containsExactly(TcpSocket.TIME_WAIT));
        }
    }

    /** More sockets than one datagram of the kernel's answer holds. */
    @Test
    void readsAnswersOfManyParts() throws IOException {
        int count = 700;
        InetAddress loopback = Ip.of("127.0.0.1");
        SocketChannel[] channels = new SocketChannel[2 * count];
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(Ip.of("::"), 0));
            int port = Pair.port(listener);
            for (int i = 0; i < count; i++) {
                channels[2 * i] = SocketChannel.open(new InetSocketAddress(Ip.of("127.0.0.1"), port));
                channels[2 * i + 1] = listener.accept();
            }
            assertThat(SockDiag.dump(loopback, port)).hasSize(count).doesNotHaveDuplicates();
        } finally {
            for (SocketChannel channel : channels) {
                if (channel != null) {
                    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                    channel.close();
                }
            }
        }
    }

    private static void fill(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        ByteBuffer data = ByteBuffer.allocate(64 * 1024);
        while (channel.write(data.clear()) > 0) {
            // until the client's window and our buffer are full
        }
    }
}
