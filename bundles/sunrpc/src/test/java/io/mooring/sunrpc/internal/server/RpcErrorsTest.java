package io.mooring.sunrpc.internal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.mooring.sunrpc.RpcException.Answer;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import io.mooring.sunrpc.internal.NoLeaks;
import io.mooring.sunrpc.internal.transport.EventLoops;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(names = {"EPOLL", "NIO"})
@ExtendWith(NoLeaks.class)
class RpcErrorsTest {
    @Parameter
    EventLoops.Kind kind;

    private Rig rig;
    private RawConnection connection;

    @BeforeEach
    void open() throws IOException {
        rig = new Rig(kind);
        connection = rig.connect(Rig.ONE);
    }

    @AfterEach
    void close() throws IOException {
        connection.close();
        rig.close();
    }

    private static XdrWriter call(int rpcVersion, int program, int version, int procedure) {
        return XdrWriter.create()
                .writeInt(7)
                .writeInt(0)
                .writeInt(rpcVersion)
                .writeInt(program)
                .writeInt(version)
                .writeInt(procedure);
    }

    private static XdrWriter authNone(XdrWriter w) {
        return w.writeInt(0).writeInt(0).writeInt(0).writeInt(0);
    }

    /** Sends the message, and expects these words after the xid; the connection serves on. */
    private void expect(XdrWriter message, int... words) throws Exception {
        connection.send(message.toByteArray());
        XdrReader reply = connection.receive();
        assertThat(reply.readInt()).isEqualTo(7);
        int[] got = new int[reply.remaining() / 4];
        for (int i = 0; i < got.length; i++) {
            got[i] = reply.readInt();
        }
        assertThat(got).containsExactly(words);
        expectEcho();
    }

    private void expectEcho() throws IOException, XdrException {
        byte[] text = XdrWriter.create().writeOpaque(new byte[] {5}).toByteArray();
        connection.sendCall(8, TestProgram.ECHO, text);
        XdrReader reply = connection.receive();
        assertThat(reply.readFixedOpaque(24))
                .containsExactly(0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        assertThat(reply.readOpaque(1)).containsExactly(5);
    }

    @Test
    void everyErrorIsAnsweredAndTheConnectionGoesOn() throws Exception {
        int p = TestProgram.NUMBER;
        expect(authNone(call(3, p, 3, 0)), 1, 1, 0, 2, 2);
        expect(call(2, p, 3, 0).writeInt(6).writeInt(0).writeInt(0).writeInt(0), 1, 1, 1, 2);
        expect(call(2, p, 3, 0).writeInt(1).writeInt(4).writeInt(0).writeInt(0).writeInt(0), 1, 1, 1, 1);
        expect(authNone(call(2, p + 1, 3, 0)), 1, 0, 0, 0, 1);
        expect(authNone(call(2, p, 4, 0)), 1, 0, 0, 0, 2, 3, 5);
        expect(authNone(call(2, p, 6, 0)), 1, 0, 0, 0, 2, 3, 5);
        expect(authNone(call(2, p, 3, 99)), 1, 0, 0, 0, 3);
        expect(authNone(call(2, p, 3, -1)), 1, 0, 0, 0, 3);
        expect(authNone(call(2, p, 3, TestProgram.COUNT)), 1, 0, 0, 0, 4);
        expect(call(2, p, 3, 0), 1, 1, 1, 1);
        expect(XdrWriter.create().writeInt(7).writeInt(0).writeInt(2), 1, 0, 0, 0, 4);
        expect(authNone(call(2, p, 3, TestProgram.FAIL)), 1, 0, 0, 0, 5);
        assertThat(rig.server.statistics().rpcErrors()).isEqualTo(12);
        assertThat(rig.server.statistics().badRecords()).isZero();
    }

    @Test
    void theCredentialIsCheckedBeforeTheProgram() throws Exception {
        expect(call(2, 1, 1, 1).writeInt(6).writeInt(0).writeInt(0).writeInt(0), 1, 1, 1, 2);
    }

    @Test
    void aHandlerMayAnswerAtTheRpcLevel() throws Exception {
        for (Answer answer : Answer.values()) {
            XdrWriter message = authNone(call(2, TestProgram.NUMBER, 3, TestProgram.REFUSE));
            message.writeString(answer.name());
            switch (answer) {
                case PROG_UNAVAIL -> expect(message, 1, 0, 0, 0, 1);
                case PROC_UNAVAIL -> expect(message, 1, 0, 0, 0, 3);
                case GARBAGE_ARGS -> expect(message, 1, 0, 0, 0, 4);
                case SYSTEM_ERR -> expect(message, 1, 0, 0, 0, 5);
                case AUTH_BADCRED -> expect(message, 1, 1, 1, 1);
                case AUTH_TOOWEAK -> expect(message, 1, 1, 1, 5);
                case NO_REPLY -> {
                    connection.send(message.toByteArray());
                    expectEcho();
                }
            }
        }
        await().until(() -> rig.server.statistics().callsInFlight() == 0);
    }

    private void expectClosed() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> connection.read())
                .withMessageContaining("reset");
        await().until(() -> rig.server.statistics().badRecords() == 1);
        await().until(() -> rig.server.transports().stream().allMatch(t -> t.remote() == null));
    }

    @Test
    void whatIsNoCallClosesTheConnection() throws IOException {
        connection.send(XdrWriter.create().writeInt(7).writeInt(1).writeInt(0).toByteArray());
        expectClosed();
    }

    @Test
    void whatHasNoXidClosesTheConnection() throws IOException {
        connection.send(new byte[3]);
        expectClosed();
    }

    @Test
    void anEmptyRecordClosesTheConnection() throws IOException {
        connection.header(0, true);
        expectClosed();
    }

    @Test
    void aRecordThatIsTooLongClosesTheConnectionOnItsHeader() throws IOException {
        connection.header((1 << 30) - 1, true);
        expectClosed();
    }

    @Test
    void oneClientsGarbageDoesNotTouchAnother() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 50; i++) {
            byte[] garbage = new byte[random.nextInt(200)];
            random.nextBytes(garbage);
            try (RawConnection other = rig.connect(Rig.ONE)) {
                other.send(garbage);
                other.write(garbage);
            } catch (IOException e) {
                assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe).*");
            }
        }
        expectEcho();
        await().until(() ->
                rig.server.transports().stream().filter(t -> t.remote() != null).count() == 1);
        assertThat(rig.server.statistics().callsInFlight()).isZero();
        assertThat(rig.server.statistics().bytesInFlight()).isZero();
    }

    @Test
    void aRecordInManyFragmentsIsOneCall() throws Exception {
        byte[] data = new byte[300_000];
        new Random(2).nextBytes(data);
        byte[] record = RawConnection.call(
                7, 3, TestProgram.CHECKSUM, XdrWriter.create().writeOpaque(data).toByteArray());
        for (int at = 0; at < record.length; at += 4000) {
            byte[] fragment = Arrays.copyOfRange(record, at, Math.min(record.length, at + 4000));
            connection.header(fragment.length, at + 4000 >= record.length);
            connection.write(fragment);
        }
        XdrReader reply = connection.receive();
        reply.readFixedOpaque(24);
        assertThat(reply.readInt()).isEqualTo(TestProgram.checksum(ByteBuffer.wrap(data)));
    }

    @Test
    void repliesToCallsOfOneReadComeTogether() throws Exception {
        AtomicInteger flushes = new AtomicInteger();
        await().until(() -> rig.server.registry().temporary().size() == 1);
        rig.server.registry().temporary().get(0).channel().pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext context) {
                flushes.incrementAndGet();
                context.flush();
            }
        });
        byte[] calls = new byte[0];
        for (int i = 0; i < 100; i++) {
            byte[] record = RawConnection.record(RawConnection.call(i, 3, 0, new byte[0]));
            calls = Arrays.copyOf(calls, calls.length + record.length);
            System.arraycopy(record, 0, calls, calls.length - record.length, record.length);
        }
        connection.write(calls);
        for (int i = 0; i < 100; i++) {
            assertThat(connection.receive().readInt()).isEqualTo(i);
        }
        // The first read buffers are small.
        assertThat(flushes.get()).isBetween(1, 10);
        await().until(() -> rig.server.statistics().callsInFlight() == 0);
        assertThat(rig.server.statistics().procedures())
                .singleElement()
                .satisfies(row -> assertThat(row.calls()).isEqualTo(100));
    }
}
