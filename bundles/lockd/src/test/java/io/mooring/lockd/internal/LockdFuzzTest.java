package io.mooring.lockd.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mooring.lockd.internal.journal.LockRecord;
import io.mooring.lockd.internal.testing.FuzzTarget;
import io.mooring.lockd.internal.testing.Kit;
import io.mooring.lockd.internal.wire.Rpcbind;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import java.nio.file.Path;
import java.util.Arrays;

/** Fuzzes arguments, a journal's records, and what a client's rpcbind answers. One test for all, because Jazzer fuzzes one in a JVM's life. */
class LockdFuzzTest {
    private static final long ALLOWED = 8L << 20;

    /** The first byte chooses the target. */
    @FuzzTest(maxDuration = "3s")
    void anyInput(byte[] input) throws Exception {
        if (input.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        if (input[0] == 0) {
            FuzzTarget.runWithin(ALLOWED, LockdFuzzTest::rpcbind, rest);
        } else if (input[0] == 1) {
            FuzzTarget.runWithin(ALLOWED, LockdFuzzTest::journal, rest);
        } else {
            // Nothing can be recorded there: it would only be slow.
            try (Kit kit = new Kit(Path.of("/dev/null/none"))) {
                kit.arrive();
                FuzzTarget.runWithin(ALLOWED, new ArgumentsTarget(kit), rest);
            }
        }
    }

    /** What can be read is written as it can be read. */
    private static void journal(byte[] bytes) {
        byte[] written;
        try {
            written = LockRecord.read(bytes).toBytes();
        } catch (XdrException e) {
            return;
        }
        try {
            if (!Arrays.equals(written, LockRecord.read(written).toBytes())) {
                throw new AssertionError("it changed");
            }
        } catch (XdrException e) {
            throw new AssertionError(e);
        }
    }

    private static void rpcbind(byte[] answer) {
        try {
            int port = Rpcbind.readAddressPort(XdrReader.of(answer));
            if (port < 0 || port > 65535) {
                throw new AssertionError("port " + port);
            }
        } catch (XdrException e) {
            return;
        }
    }
}
