package io.mooring.sunrpc.internal.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import io.mooring.sunrpc.internal.NoLeaks;
import io.mooring.sunrpc.internal.ServerObserver;
import io.mooring.sunrpc.internal.Transports;
import io.mooring.sunrpc.internal.transport.EventLoops;
import io.mooring.sunrpc.internal.wire.AuthStat;
import io.mooring.sunrpc.internal.wire.ReplyMessage;
import io.netty.channel.epoll.Epoll;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The client against a server that the test plays itself. */
@ParameterizedClass
@EnumSource(names = {"EPOLL", "NIO"})
@ExtendWith(NoLeaks.class)
class RpcClientTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final InetAddress TWO = two();

    @Parameter
    EventLoops.Kind kind;

    private Transports transports;
    private ServerSocket listener;
    private DatagramSocket udp;

    private static InetAddress two() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void open() throws IOException {
        Assumptions.assumeTrue(
                kind != EventLoops.Kind.EPOLL || Epoll.isAvailable(), "native epoll is not available here");
        transports = new Transports(EventLoops.open(kind, 2), ServerObserver.NONE);
        listener = new ServerSocket(0, 5, LOOPBACK);
        listener.setSoTimeout(20_000);
        udp = new DatagramSocket(0, LOOPBACK);
        udp.setSoTimeout(20_000);
    }

    @AfterEach
    void close() throws IOException {
        transports.close();
        listener.close();
        udp.close();
    }

    private RpcClient client(Netid netid, Duration timeout, Duration retransmission) {
        int port = netid.isTcp() ? listener.getLocalPort() : udp.getLocalPort();
        return transports.openClient(new RpcClientOptions(
                new InetSocketAddress(LOOPBACK, port),
                new InetSocketAddress(TWO, 0),
                netid,
                new RpcCredential.AuthSys(0, "me", 1, 2, new int[] {3}),
                timeout,
                retransmission));
    }

    private RpcClient client(Netid netid) {
        return client(netid, Duration.ofSeconds(20), Duration.ofSeconds(20));
    }

    private static CompletableFuture<Integer> call(RpcClient client, int argument) {
        return client.call(10, 1, 2, (n, w) -> w.writeInt(n), argument, r -> r.readInt());
    }

    private static byte[] receive(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] record = new byte[in.readInt() & 0x7fffffff];
        in.readFully(record);
        return record;
    }

    private static void reply(Socket socket, XdrWriter message) throws IOException {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        byte[] bytes = message.toByteArray();
        out.writeInt(0x80000000 | bytes.length);
        out.write(bytes);
    }

    private static int xid(byte[] message) throws Exception {
        return XdrReader.of(message).readInt();
    }

    private static XdrWriter success(int xid, int result) {
        XdrWriter w = XdrWriter.create();
        ReplyMessage.writeAccepted(w, xid, ReplyMessage.SUCCESS);
        return w.writeInt(result);
    }

    @Test
    void answersAreMatchedByTheirXidInAnyOrder() throws Exception {
        try (RpcClient client = client(Netid.TCP)) {
            CompletableFuture<Integer> first = call(client, 1);
            CompletableFuture<Integer> second = call(client, 2);
            try (Socket server = listener.accept()) {
                assertThat(((InetSocketAddress) server.getRemoteSocketAddress()).getAddress())
                        .isEqualTo(TWO);
                byte[] one = receive(server);
                byte[] two = receive(server);
                reply(server, success(12345, 9));
                reply(server, success(xid(two), 22));
                reply(server, success(xid(one), 11));
                assertThat(first.get(20, SECONDS)).isEqualTo(11);
                assertThat(second.get(20, SECONDS)).isEqualTo(22);
            }
        }
    }

    private void expectFailure(Consumer<XdrWriter> answer, Class<?> type, String message) throws Exception {
        try (RpcClient client = client(Netid.TCP)) {
            CompletableFuture<Integer> call = call(client, 1);
            try (Socket server = listener.accept()) {
                XdrWriter w = XdrWriter.create();
                int xid = xid(receive(server));
                XdrWriter body = XdrWriter.create();
                answer.accept(body);
                byte[] bytes = body.toByteArray();
                w.writeInt(xid).writeFixedOpaque(Arrays.copyOfRange(bytes, 4, bytes.length));
                reply(server, w);
                assertThatThrownBy(() -> call.get(20, SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(type.asSubclass(Throwable.class))
                        .hasMessageContaining(message);
            }
        }
    }

    @Test
    void errorsOfTheRpcLevelAreToldApart() throws Exception {
        Class<?> rpc = RpcException.class;
        expectFailure(w -> ReplyMessage.writeAccepted(w, 0, ReplyMessage.PROG_UNAVAIL), rpc, "no such program");
        expectFailure(w -> ReplyMessage.writeProgramMismatch(w, 0, 3, 4), rpc, "versions 3 to 4");
        expectFailure(w -> ReplyMessage.writeAccepted(w, 0, ReplyMessage.PROC_UNAVAIL), rpc, "no such procedure");
        expectFailure(w -> ReplyMessage.writeAccepted(w, 0, ReplyMessage.GARBAGE_ARGS), rpc, "arguments");
        expectFailure(w -> ReplyMessage.writeAccepted(w, 0, ReplyMessage.SYSTEM_ERR), rpc, "failed");
        expectFailure(w -> ReplyMessage.writeAuthError(w, 0, AuthStat.AUTH_TOOWEAK), rpc, "auth_stat 5");
        expectFailure(w -> ReplyMessage.writeRpcMismatch(w, 0), IOException.class, "RPC versions 2 to 2");
        expectFailure(w -> w.writeInt(0).writeInt(7), IOException.class, "no RPC reply");
        expectFailure(
                w -> ReplyMessage.writeAccepted(w, 0, ReplyMessage.SUCCESS), IOException.class, "cannot be decoded");
    }

    @Test
    void aCallTimesOutAndItsLateAnswerIsIgnored() throws Exception {
        try (RpcClient client = client(Netid.TCP, Duration.ofMillis(300), Duration.ofSeconds(1))) {
            CompletableFuture<Integer> call = call(client, 1);
            try (Socket server = listener.accept()) {
                byte[] request = receive(server);
                assertThatThrownBy(() -> call.get(20, SECONDS)).hasCauseInstanceOf(TimeoutException.class);
                reply(server, success(xid(request), 1));
                CompletableFuture<Integer> next = call(client, 2);
                reply(server, success(xid(receive(server)), 2));
                assertThat(next.get(20, SECONDS)).isEqualTo(2);
            }
        }
    }

    @Test
    void aBrokenConnectionFailsItsCallsAndTheNextCallReconnects() throws Exception {
        try (RpcClient client = client(Netid.TCP)) {
            CompletableFuture<Integer> lost = call(client, 1);
            try (Socket server = listener.accept()) {
                receive(server);
            }
            assertThatThrownBy(() -> lost.get(20, SECONDS)).hasCauseInstanceOf(IOException.class);
            CompletableFuture<Integer> next = call(client, 2);
            try (Socket server = listener.accept()) {
                reply(server, success(xid(receive(server)), 2));
                assertThat(next.get(20, SECONDS)).isEqualTo(2);
            }
        }
    }

    @Test
    void aServerThatIsNotThereIsAnIOException() throws Exception {
        listener.close();
        try (RpcClient client = client(Netid.TCP)) {
            assertThatThrownBy(() -> call(client, 1).get(20, SECONDS))
                    .hasCauseInstanceOf(IOException.class)
                    .hasMessageContaining("refused");
        }
        udp.close();
        int port = udp.getLocalPort();
        assertThat(port).isEqualTo(-1);
    }

    @Test
    void closingFailsWhatIsUnderWayAndWhatComesAfter() throws Exception {
        RpcClient client = client(Netid.TCP);
        CompletableFuture<Integer> call = call(client, 1);
        try (Socket server = listener.accept()) {
            receive(server);
            client.close();
            client.close();
            assertThatThrownBy(() -> call.get(20, SECONDS))
                    .hasCauseInstanceOf(IOException.class)
                    .hasMessageContaining("closed");
        }
        assertThatThrownBy(() -> call(client, 2).get(20, SECONDS)).hasMessageContaining("closed");
        transports.close();
        assertThatThrownBy(() -> call(client, 2).get(20, SECONDS)).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aReplyThatIsTooLongEndsTheConnection() throws Exception {
        try (RpcClient client = client(Netid.TCP)) {
            CompletableFuture<Integer> call = call(client, 1);
            try (Socket server = listener.accept()) {
                receive(server);
                new DataOutputStream(server.getOutputStream()).writeInt(0x80000000 | 1 << 29);
                assertThatThrownBy(() -> call.get(20, SECONDS))
                        .hasCauseInstanceOf(IOException.class)
                        .hasMessageContaining("too long");
            }
        }
    }

    @Test
    void anEncoderThatThrowsLeavesNothing() throws Exception {
        try (RpcClient client = client(Netid.TCP)) {
            CompletableFuture<Integer> call = client.call(
                    1,
                    1,
                    1,
                    (n, w) -> {
                        throw new IllegalStateException("no");
                    },
                    1,
                    r -> r.readInt());
            assertThatThrownBy(() -> call.get(20, SECONDS)).hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    private DatagramPacket receiveDatagram() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        udp.receive(packet);
        return packet;
    }

    private static int xid(DatagramPacket packet) throws Exception {
        return xid(Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    @Test
    void aLostDatagramIsSentAgainWithTheSameXid() throws Exception {
        try (RpcClient client = client(Netid.UDP, Duration.ofSeconds(20), Duration.ofMillis(20))) {
            CompletableFuture<Integer> call = call(client, 1);
            int xid = xid(receiveDatagram());
            assertThat(xid(receiveDatagram())).isEqualTo(xid);
            DatagramPacket third = receiveDatagram();
            assertThat(xid(third)).isEqualTo(xid);
            assertThat(third.getAddress()).isEqualTo(TWO);
            byte[] reply = success(xid, 5).toByteArray();
            udp.send(new DatagramPacket(reply, reply.length, third.getSocketAddress()));
            udp.send(new DatagramPacket(reply, reply.length, third.getSocketAddress()));
            assertThat(call.get(20, SECONDS)).isEqualTo(5);
        }
    }

    @Test
    void anAnswerFromSomebodyElseIsIgnored() throws Exception {
        try (RpcClient client = client(Netid.UDP);
                DatagramSocket forger = new DatagramSocket(0, LOOPBACK)) {
            CompletableFuture<Integer> call = call(client, 1);
            DatagramPacket request = receiveDatagram();
            byte[] forged = success(xid(request), 666).toByteArray();
            forger.send(new DatagramPacket(forged, forged.length, request.getSocketAddress()));
            byte[] reply = success(xid(request), 5).toByteArray();
            udp.send(new DatagramPacket(reply, reply.length, request.getSocketAddress()));
            assertThat(call.get(20, SECONDS)).isEqualTo(5);
        }
    }

    @Test
    void aUdpCallTimesOutToo() throws Exception {
        try (RpcClient client = client(Netid.UDP, Duration.ofMillis(300), Duration.ofMillis(50))) {
            assertThatThrownBy(() -> call(client, 1).get(20, SECONDS)).hasCauseInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void theCredentialIsSent() throws Exception {
        try (RpcClient client = client(Netid.UDP)) {
            CompletableFuture<Integer> call = call(client, 1);
            XdrReader r = XdrReader.of(receiveDatagram().getData());
            r.readFixedOpaque(24);
            assertThat(r.readInt()).isEqualTo(1);
            assertThat(r.readInt()).isEqualTo(28);
            r.readInt();
            assertThat(r.readString(255)).isEqualTo("me");
            assertThat(r.readInt()).isEqualTo(1);
            assertThat(call).isNotDone();
        }
        await().until(() -> transports.servers().isEmpty());
    }
}
