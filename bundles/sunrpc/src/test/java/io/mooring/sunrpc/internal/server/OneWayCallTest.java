package io.mooring.sunrpc.internal.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mooring.sunrpc.MooredAddress;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.OneWayCall;
import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import io.mooring.sunrpc.internal.NoLeaks;
import io.mooring.sunrpc.internal.transport.EventLoops;
import io.mooring.sunrpc.internal.wire.CallMessage;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that leave from a server's UDP socket. */
@ParameterizedClass
@EnumSource(names = {"EPOLL", "NIO"})
@ExtendWith(NoLeaks.class)
class OneWayCallTest {
    @Parameter
    EventLoops.Kind kind;

    private Rig rig;
    private DatagramSocket peer;

    @BeforeEach
    void open() throws IOException {
        rig = new Rig(kind);
        rig.server.addressAdded(Rig.ONE);
        peer = new DatagramSocket(new InetSocketAddress(Rig.TWO, 0));
        peer.setSoTimeout(20_000);
    }

    @AfterEach
    void close() {
        peer.close();
        rig.close();
    }

    private CompletableFuture<Void> send(byte[] text) {
        OneWayCall call = new OneWayCall(
                Rig.ONE, (InetSocketAddress) peer.getLocalSocketAddress(), new RpcCredential.AuthNone(), 100021, 4, 12);
        return rig.server.send(call, (bytes, w) -> w.writeOpaque(bytes), text);
    }

    private DatagramPacket receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[1024], 1024);
        peer.receive(packet);
        return packet;
    }

    private static XdrReader reader(DatagramPacket packet) {
        return XdrReader.of(Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    private void answer(byte[] message) throws IOException {
        peer.send(new DatagramPacket(message, message.length, Rig.ONE, rig.server.udpPort()));
    }

    @Test
    void leavesFromWhereTheServerListens() throws Exception {
        send(new byte[] {1, 2, 3}).get(20, SECONDS);
        DatagramPacket packet = receive();
        assertThat(packet.getAddress()).isEqualTo(Rig.ONE);
        assertThat(packet.getPort()).isEqualTo(rig.server.udpPort());
        XdrReader reader = reader(packet);
        CallMessage.Call call = (CallMessage.Call) CallMessage.read(reader);
        assertThat(call.program()).isEqualTo(100021);
        assertThat(call.version()).isEqualTo(4);
        assertThat(call.procedure()).isEqualTo(12);
        assertThat(reader.readOpaque(9)).containsExactly(1, 2, 3);
        assertThat(reader.remaining()).isZero();
    }

    @Test
    void eachIsNew() throws Exception {
        send(new byte[0]).get(20, SECONDS);
        int first = reader(receive()).readInt();
        send(new byte[0]).get(20, SECONDS);
        assertThat(reader(receive()).readInt()).isNotEqualTo(first);
    }

    @Test
    void itsReplyIsDroppedAndNotCounted() throws Exception {
        send(new byte[0]).get(20, SECONDS);
        int xid = reader(receive()).readInt();
        answer(XdrWriter.create()
                .writeInt(xid)
                .writeInt(1)
                .writeInt(0)
                .writeLong(0)
                .writeInt(0)
                .toByteArray());
        // Datagrams of one socket come in order: when this one is counted, the reply was read.
        answer(new byte[] {1, 2, 3});
        await().until(() -> rig.server.statistics().badRecords() > 0);
        assertThat(rig.server.statistics().badRecords()).isOne();
        assertThat(Rig.echoes(rig.client(Netid.UDP, Rig.ONE))).isTrue();
    }

    @Test
    void failsWhereTheServerHasNoSocket() {
        rig.server.closeTransports(Rig.ONE);
        assertThatThrownBy(() -> send(new byte[0]).get(20, SECONDS))
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1");
        rig.server.addressAdded(Rig.ONE);
        assertThat(send(new byte[0])).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void nothingLeavesFromAnAddressThatIsHeldOrAnotherNodes() {
        TestKeeper keeper = new TestKeeper();
        MooredAddress moored = rig.server.moor(Rig.ONE, keeper);
        assertThatThrownBy(() -> send(new byte[0]).get(20, SECONDS))
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1");
        moored.open();
        assertThat(send(new byte[0])).succeedsWithin(Duration.ofSeconds(20));
        keeper.serves = () -> false;
        assertThatThrownBy(() -> send(new byte[0]).get(20, SECONDS)).hasCauseInstanceOf(IOException.class);
        keeper.serves = () -> true;
        assertThat(moored.hold()).succeedsWithin(Duration.ofSeconds(20));
        assertThatThrownBy(() -> send(new byte[0]).get(20, SECONDS)).hasCauseInstanceOf(IOException.class);
        moored.close();
        assertThat(send(new byte[0])).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void failsWhereItFitsNoDatagram() {
        assertThatThrownBy(() -> send(new byte[70_000]).get(20, SECONDS))
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining("too long");
    }
}
