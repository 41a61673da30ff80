package io.mooring.sunrpc.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import io.mooring.sunrpc.internal.FuzzTarget;
import java.util.Arrays;

/** Any bytes as a call's header, as a credential and as a reply's header: one of the verdicts, never an exception. */
public final class CallMessageTarget implements FuzzTarget {
    @Override
    public void run(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        switch (input[0] & 3) {
            case 0 -> readCall(bytes);
            case 1 -> readCall(start(bytes).toByteArray());
            case 2 ->
                readCall(start(new byte[0])
                        .writeInt(Credentials.AUTH_SYS)
                        .writeOpaque(bytes)
                        .writeInt(Credentials.AUTH_NONE)
                        .writeInt(0)
                        .toByteArray());
            default -> readReply(bytes);
        }
    }

    private static XdrWriter start(byte[] rest) {
        XdrWriter w = XdrWriter.create();
        w.writeInt(1).writeInt(CallMessage.CALL).writeInt(CallMessage.RPC_VERSION);
        return w.writeInt(100_003).writeInt(3).writeInt(1).writeFixedOpaque(rest);
    }

    /** What is accepted comes back the same when it is written. */
    private static void readCall(byte[] bytes) {
        CallMessage message = CallMessage.read(XdrReader.of(bytes));
        if (message instanceof CallMessage.Call call) {
            if (call.credential() instanceof RpcCredential.AuthSys sys) {
                assertThat(sys.groups()).hasSizeLessThanOrEqualTo(16);
                assertThat(sys.machineName().length()).isLessThanOrEqualTo(255);
                if (sys.machineName().indexOf('\ufffd') >= 0) {
                    return; // no UTF-8, and so longer when it is written
                }
            }
            XdrWriter again = XdrWriter.create();
            CallMessage.write(call, again);
            assertThat(CallMessage.read(XdrReader.of(again.toByteArray()))).isEqualTo(call);
        }
    }

    private static void readReply(byte[] bytes) {
        try {
            assertThat(ReplyMessage.read(XdrReader.of(bytes))).isNotNull();
        } catch (XdrException refused) {
            assertThat(refused).hasMessageNotContaining("null");
        }
    }
}
