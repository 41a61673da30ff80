package io.mooring.sunrpc.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import io.mooring.sunrpc.internal.wire.CallMessage.NotACall;
import io.mooring.sunrpc.internal.wire.CallMessage.Truncated;
import io.mooring.sunrpc.internal.wire.CallMessage.Unauthenticated;
import io.mooring.sunrpc.internal.wire.CallMessage.WrongRpcVersion;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class CallMessageTest {

    @Property
    void callsAreReadAsTheyWereWritten(
            @ForAll int xid,
            @ForAll int program,
            @ForAll int version,
            @ForAll int procedure,
            @ForAll int uid,
            @ForAll @AlphaChars @StringLength(max = 255) String machine,
            @ForAll @Size(max = 16) int[] groups) {
        CallMessage.Call call = new CallMessage.Call(
                xid, program, version, procedure, new RpcCredential.AuthSys(5, machine, uid, -2, groups));
        XdrWriter w = XdrWriter.create();
        CallMessage.write(call, w);
        w.writeInt(77);
        XdrReader r = XdrReader.of(w.toByteArray());
        boolean fits = 20 + ((machine.length() + 3) & ~3) + 4 * groups.length <= 400;
        CallMessage read = CallMessage.read(r);
        assertThat(read).isEqualTo(fits ? call : new Unauthenticated(xid, AuthStat.AUTH_BADCRED));
        if (fits) {
            assertThat(r.remaining()).isEqualTo(4);
        }
    }

    @Property
    void noBytesMakeTheDecoderThrow(@ForAll @Size(max = 120) byte[] message) {
        assertThat(CallMessage.read(XdrReader.of(message))).isNotNull();
    }

    @Property
    void cutShortACallIsStillAnsweredWhileItHasAnXid(@ForAll @net.jqwik.api.constraints.IntRange(max = 43) int length) {
        XdrWriter w = XdrWriter.create();
        CallMessage.write(new CallMessage.Call(9, 1, 2, 3, new RpcCredential.AuthSys(0, "", 0, 0, new int[0])), w);
        CallMessage read = CallMessage.read(XdrReader.of(Arrays.copyOf(w.toByteArray(), length)));
        if (length < 8) {
            assertThat(read).isInstanceOf(NotACall.class);
        } else if (length < 24) {
            assertThat(read).isEqualTo(new Truncated(9));
        } else {
            assertThat(read).isEqualTo(new Unauthenticated(9, AuthStat.AUTH_BADCRED));
        }
    }

    @Test
    void theRpcVersionComesFirst() {
        byte[] message = XdrWriter.create().writeInt(4).writeInt(0).writeInt(3).toByteArray();
        assertThat(CallMessage.read(XdrReader.of(message))).isEqualTo(new WrongRpcVersion(4));
    }

    @Test
    void aReplyIsNoCall() {
        byte[] message = XdrWriter.create().writeInt(4).writeInt(1).writeInt(0).toByteArray();
        assertThat(CallMessage.read(XdrReader.of(message))).isInstanceOf(NotACall.class);
    }

    @Test
    void credentialsWeDoNotKnowAreRejected() {
        assertThat(withCredential(6, new byte[20])).isEqualTo(new Unauthenticated(1, AuthStat.AUTH_REJECTEDCRED));
        assertThat(withCredential(7, new byte[0])).isEqualTo(new Unauthenticated(1, AuthStat.AUTH_REJECTEDCRED));
    }

    @Test
    void brokenAuthSysIsABadCredential() {
        Unauthenticated bad = new Unauthenticated(1, AuthStat.AUTH_BADCRED);
        assertThat(withCredential(1, authSys(255, 0))).isInstanceOf(CallMessage.Call.class);
        assertThat(withCredential(1, authSys(256, 0))).isEqualTo(bad);
        assertThat(withCredential(1, authSys(3, 16))).isInstanceOf(CallMessage.Call.class);
        assertThat(withCredential(1, authSys(3, 17))).isEqualTo(bad);
        assertThat(withCredential(1, new byte[401])).isEqualTo(bad);
        assertThat(withCredential(0, new byte[401])).isEqualTo(bad);
    }

    @Test
    void theVerifierIsAuthNone() {
        XdrWriter w = header().writeInt(0).writeInt(0).writeInt(1).writeInt(0);
        assertThat(CallMessage.read(XdrReader.of(w.toByteArray())))
                .isEqualTo(new Unauthenticated(1, AuthStat.AUTH_BADVERF));
    }

    @Test
    void repliesAreReadAsTheyWereWritten() throws XdrException {
        XdrWriter w = XdrWriter.create();
        ReplyMessage.writeProgramMismatch(w, 1, 3, 4);
        assertThat(read(w)).isEqualTo(new ReplyMessage.Header(true, ReplyMessage.PROG_MISMATCH, 3, 4));
        w = XdrWriter.create();
        ReplyMessage.writeRpcMismatch(w, 1);
        assertThat(read(w)).isEqualTo(new ReplyMessage.Header(false, -1, 2, 2));
        w = XdrWriter.create();
        ReplyMessage.writeAuthError(w, 1, AuthStat.AUTH_TOOWEAK);
        assertThat(read(w)).isEqualTo(new ReplyMessage.Header(false, 5, 0, 0));
    }

    private static ReplyMessage.Header read(XdrWriter w) throws XdrException {
        XdrReader r = XdrReader.of(w.toByteArray());
        assertThat(r.readInt()).isEqualTo(1);
        return ReplyMessage.read(r);
    }

    private static XdrWriter header() {
        return XdrWriter.create()
                .writeInt(1)
                .writeInt(0)
                .writeInt(2)
                .writeInt(10)
                .writeInt(1)
                .writeInt(0);
    }

    private static CallMessage withCredential(int flavor, byte[] body) {
        XdrWriter w = header().writeInt(flavor).writeOpaque(body).writeInt(0).writeInt(0);
        return CallMessage.read(XdrReader.of(w.toByteArray()));
    }

    private static byte[] authSys(int name, int groups) {
        XdrWriter w = XdrWriter.create()
                .writeInt(0)
                .writeOpaque(new byte[name])
                .writeInt(1)
                .writeInt(1);
        w.writeInt(groups);
        for (int i = 0; i < groups; i++) {
            w.writeInt(i);
        }
        return w.toByteArray();
    }
}
