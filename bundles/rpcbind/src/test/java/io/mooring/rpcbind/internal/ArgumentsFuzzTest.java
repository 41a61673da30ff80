package io.mooring.rpcbind.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import java.util.Arrays;
import java.util.List;

/** Any bytes at any procedure of any version, and as what another rpcbind answers: answered or refused. */
class ArgumentsFuzzTest {
    private static final int MAX_ANSWER = 64 << 10;
    private static final int PROCEDURES = 14;

    private static final long ALLOWED_BYTES = 4L << 20;

    /** The first byte chooses caller and version, the second the procedure; several calls follow one another. */
    @FuzzTest(maxDuration = "3s")
    void anyArguments(byte[] input) throws Exception {
        FuzzTarget.runWithin(ALLOWED_BYTES + 10_000L * input.length, ArgumentsFuzzTest::run, input);
    }

    private static void run(byte[] input) {
        TestRpcbind rpcbind = new TestRpcbind();
        int at = 0;
        while (at + 3 <= input.length) {
            int length = Math.min(Byte.toUnsignedInt(input[at + 2]) * 4, input.length - at - 3);
            byte[] arguments = Arrays.copyOfRange(input, at + 3, at + 3 + length);
            run(rpcbind, input[at], Math.floorMod(input[at + 1], PROCEDURES), arguments);
            at += 3 + length;
        }
        assertThat(rpcbind.foreign.registrations()).hasSizeLessThanOrEqualTo(TestRpcbind.MAX_FOREIGN);
    }

    private static void run(TestRpcbind rpcbind, byte how, int procedure, byte[] arguments) {
        int version = 2 + (how >> 3 & 3);
        try {
            if (version > 4) {
                readList(procedure, arguments);
            } else {
                byte[] answer = rpcbind.callBytes(caller(how & 7), version, procedure, arguments);
                assertThat(answer).hasSizeLessThan(MAX_ANSWER);
                assertThat(answer.length % 4).isZero();
            }
        } catch (RpcException | XdrException refused) {
            assertThat(refused).hasMessageNotContaining("null");
        }
    }

    private static void readList(int which, byte[] reply) throws XdrException {
        XdrReader reader = XdrReader.of(reply);
        List<?> list = which % 2 == 0
                ? Portmap2.MappingList.read(reader).mappings()
                : Rpcbind4.RpcbList.read(reader).entries();
        assertThat(list).hasSizeLessThanOrEqualTo(reply.length / 4);
    }

    private static FakeCall caller(int which) {
        return switch (which) {
            case 0 -> FakeCall.remote(Netid.UDP);
            case 1 -> FakeCall.remote(Netid.TCP);
            case 2 -> FakeCall.remote(Netid.UDP6);
            case 3 -> FakeCall.remote(Netid.TCP6);
            case 4 -> FakeCall.unprivileged();
            default -> FakeCall.privileged();
        };
    }
}
