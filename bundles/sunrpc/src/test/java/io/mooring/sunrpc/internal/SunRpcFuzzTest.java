package io.mooring.sunrpc.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mooring.sunrpc.internal.server.ConnectionTarget;
import io.mooring.sunrpc.internal.wire.CallMessageTarget;
import io.mooring.sunrpc.internal.wire.RecordAssemblerTarget;
import java.util.Arrays;

/** Fuzzes record marks, headers and whole connections. One test for all, because Jazzer fuzzes one in a JVM's life. */
class SunRpcFuzzTest {
    private static final long ALLOWED_BYTES = 4L << 20;

    /** The first byte chooses the target. */
    @FuzzTest(maxDuration = "3s")
    void anyInput(byte[] input) throws Exception {
        if (input.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        switch (Math.floorMod(input[0], 3)) {
            case 0 -> FuzzTarget.runWithin(ALLOWED_BYTES, new CallMessageTarget(), rest);
            case 1 -> FuzzTarget.runWithin(ALLOWED_BYTES + 10_000L * input.length, new RecordAssemblerTarget(), rest);
            default -> new ConnectionTarget().run(rest);
        }
    }
}
