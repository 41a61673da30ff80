package io.mooring.nfsd.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mooring.nfsd.internal.exports.ExportsTarget;
import io.mooring.nfsd.internal.handle.FileHandlesTarget;
import java.util.Arrays;

/** Fuzzes arguments, exports files and file handles. One test for all, because Jazzer fuzzes one in a JVM's life. */
class NfsdFuzzTest {
    /** A READ or READDIR of 1 MiB, copied a few times, is the most that a call may cost. */
    private static final long ARGUMENTS_BYTES = 64L << 20;

    private static final long OTHER_BYTES = 4L << 20;

    /** The first byte chooses the target. */
    @FuzzTest(maxDuration = "3s")
    void anyInput(byte[] input) throws Exception {
        if (input.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        switch (Math.floorMod(input[0], 3)) {
            case 0 -> FuzzTarget.runWithin(OTHER_BYTES + 10_000L * input.length, new ExportsTarget(), rest);
            case 1 -> FuzzTarget.runWithin(OTHER_BYTES, new FileHandlesTarget(), rest);
            default -> FuzzTarget.runWithin(ArgumentsTarget.MAX_CALLS * ARGUMENTS_BYTES, new ArgumentsTarget(), rest);
        }
    }
}
