package io.mooring.rpcbind.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.rpcbind.internal.Rpcbind4.Rpcb;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that a caller sends makes a procedure do more than refuse: XdrException (GARBAGE_ARGS) or RpcException. */
final class HostileInputTest {
    private static final int MAX_ANSWER = 64 * 1024;

    private final TestRpcbind rpcbind = new TestRpcbind();

    @Property(tries = 3000)
    void anyBytesAtAnyProcedure(
            @ForAll @IntRange(min = 2, max = 4) int version,
            @ForAll @IntRange(max = 13) int procedure,
            @ForAll @Size(max = 600) byte[] arguments)
            throws Exception {
        answersOrRefuses(FakeCall.privileged(), version, procedure, arguments);
        answersOrRefuses(FakeCall.remote(Netid.UDP), version, procedure, arguments);
    }

    /** Each way of cutting a right call short, and of changing one byte of it. */
    @Test
    void truncatedAndDamagedCalls() throws Exception {
        XdrWriter writer = XdrWriter.create();
        new Rpcb(100024, 1, "tcp", "0.0.0.0.16.1", "root").write(writer);
        byte[] right = writer.toByteArray();
        for (int procedure : new int[] {Rpcbind4.SET, Rpcbind4.UNSET, Rpcbind4.GETADDR, Rpcbind4.GETADDRLIST}) {
            for (int length = 0; length < right.length; length++) {
                byte[] truncated = Arrays.copyOf(right, length);
                assertThatThrownBy(() -> rpcbind.callBytes(FakeCall.privileged(), 4, procedure, truncated))
                        .as("procedure %d, %d bytes", procedure, truncated.length)
                        .isInstanceOf(XdrException.class);
            }
            for (int at = 0; at < right.length; at++) {
                byte[] damaged = right.clone();
                damaged[at] ^= (byte) 0xff;
                answersOrRefuses(FakeCall.privileged(), 4, procedure, damaged);
            }
        }
        assertThat(rpcbind.foreign.registrations()).hasSizeLessThanOrEqualTo(TestRpcbind.MAX_FOREIGN);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 20})
    void aStringThatClaimsToBeHuge(int length) {
        XdrWriter writer = XdrWriter.create();
        writer.writeInt(100024).writeInt(1).writeInt(length).writeInt(0);

        assertThatThrownBy(() -> rpcbind.callBytes(FakeCall.privileged(), 4, Rpcbind4.SET, writer.toByteArray()))
                .isInstanceOf(XdrException.class);
    }

    @Test
    void oversizedStrings() {
        isGarbage(new Rpcb(1, 1, "x".repeat(Rpcbind4.MAX_NETID + 1), "", ""));
        isGarbage(new Rpcb(1, 1, "tcp", "1".repeat(Rpcbind4.MAX_UADDR + 1), ""));
        isGarbage(new Rpcb(1, 1, "tcp", "0.0.0.0.1.1", "x".repeat(Rpcbind4.MAX_OWNER + 1)));
    }

    @Test
    void stringsOfTheLargestSizeAreReadAndRefused() throws Exception {
        assertThat(set(new Rpcb(1, 1, "x".repeat(Rpcbind4.MAX_NETID), "0.0.0.0.1.1", "")))
                .isFalse();
        assertThat(set(new Rpcb(1, 1, "tcp", "1.".repeat(Rpcbind4.MAX_UADDR / 2), "")))
                .isFalse();
        assertThat(set(new Rpcb(1, 1, "tcp", ":".repeat(Rpcbind4.MAX_UADDR - 4) + ".1.1", "")))
                .isFalse();
    }

    @Test
    void anOwnerCannotBeClaimed() throws Exception {
        TestRpcbind insecure = new TestRpcbind(true);
        insecure.change(FakeCall.privileged(), 4, Rpcbind4.SET, new Rpcb(100024, 1, "tcp", "0.0.0.0.16.1", "nobody"));

        boolean removed = insecure.change(
                FakeCall.unprivileged(), 4, Rpcbind4.UNSET, new Rpcb(100024, 1, "tcp", "", "superuser"));

        assertThat(removed).isFalse();
    }

    @Test
    void aFullTableRefusesAndTakesAgainWhenThereIsRoom() throws Exception {
        for (int program = 1; program <= TestRpcbind.MAX_FOREIGN; program++) {
            assertThat(set(new Rpcb(program, 1, "tcp", "0.0.0.0.16.1", ""))).isTrue();
        }
        Rpcb oneMore = new Rpcb(9999, 1, "tcp", "0.0.0.0.16.1", "");
        assertThat(set(oneMore)).as("full").isFalse();
        assertThat(set(new Rpcb(1, 1, "tcp", "0.0.0.0.16.1", "")))
                .as("there already")
                .isTrue();
        assertThat(rpcbind.change2(FakeCall.privileged(), Portmap2.SET, new Portmap2.Mapping(9999, 1, 6, 1)))
                .as("full for version 2 too")
                .isFalse();

        rpcbind.local.add(FakeServer.of(100003, 3, 2049, 2049));
        assertThat(rpcbind.getPort(FakeCall.remote(Netid.TCP), 100003, 3, 6))
                .as("our own programs need no room")
                .isEqualTo(2049);

        rpcbind.change(FakeCall.privileged(), 4, Rpcbind4.UNSET, new Rpcb(5, 1, "", "", ""));
        assertThat(set(oneMore)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65536, Integer.MIN_VALUE})
    void aPortOutOfRange(int port) throws Exception {
        assertThat(rpcbind.change2(FakeCall.privileged(), Portmap2.SET, new Portmap2.Mapping(1, 1, 6, port)))
                .isFalse();
    }

    /** A reply of garbage from what listens on the host's port 111. */
    @Test
    void garbageListsOfAServer() {
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            if (bytes.length > 3) {
                Arrays.fill(bytes, 0, 4, (byte) 0);
                bytes[3] = 1; // one item at least
            }
            try {
                assertThat(Rpcbind4.RpcbList.read(XdrReader.of(bytes)).entries().size())
                        .isLessThan(100);
            } catch (XdrException expected) {
                assertThat(expected).hasMessageNotContaining("null");
            }
        }
    }

    private void isGarbage(Rpcb rpcb) {
        for (int procedure : new int[] {Rpcbind4.SET, Rpcbind4.UNSET, Rpcbind4.GETADDR, Rpcbind4.GETVERSADDR}) {
            assertThatThrownBy(() -> rpcbind.change(FakeCall.privileged(), 4, procedure, rpcb))
                    .isInstanceOf(XdrException.class);
        }
    }

    private boolean set(Rpcb rpcb) throws Exception {
        return rpcbind.change(FakeCall.privileged(), 4, Rpcbind4.SET, rpcb);
    }

    private void answersOrRefuses(FakeCall call, int version, int procedure, byte[] arguments) {
        try {
            assertThat(rpcbind.callBytes(call, version, procedure, arguments)).hasSizeLessThan(MAX_ANSWER);
        } catch (RpcException | XdrException refused) {
            assertThat(refused).hasMessageNotContaining("null");
        }
    }
}
