package io.mooring.sunrpc.internal.wire;

import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;

/** What a received message says before its arguments (RFC 5531 §9). Immutable. */
public sealed interface CallMessage {

    int RPC_VERSION = 2;
    int CALL = 0;

    /** A call; the reader stands at its arguments. */
    record Call(int xid, int program, int version, int procedure, RpcCredential credential) implements CallMessage {}

    /** Another RPC version. */
    record WrongRpcVersion(int xid) implements CallMessage {}

    /** A credential or verifier that is not accepted. */
    record Unauthenticated(int xid, AuthStat why) implements CallMessage {}

    /** A call that ends before its credential. */
    record Truncated(int xid) implements CallMessage {}

    /** No call: there is nobody to answer. */
    record NotACall() implements CallMessage {}

    static CallMessage read(XdrReader r) {
        if (r.remaining() < 8) {
            return new NotACall();
        }
        try {
            int xid = r.readInt();
            if (r.readInt() != CALL) {
                return new NotACall();
            }
            return readCall(xid, r);
        } catch (XdrException e) {
            return new NotACall();
        }
    }

    private static CallMessage readCall(int xid, XdrReader r) {
        int program;
        int version;
        int procedure;
        try {
            if (r.readInt() != RPC_VERSION) {
                return new WrongRpcVersion(xid);
            }
            program = r.readInt();
            version = r.readInt();
            procedure = r.readInt();
        } catch (XdrException e) {
            return new Truncated(xid);
        }
        RpcCredential credential;
        try {
            int flavor = r.readInt();
            byte[] body = r.readOpaque(Credentials.MAX_BODY);
            if (flavor == Credentials.AUTH_SYS) {
                credential = Credentials.readAuthSys(XdrReader.of(body));
            } else if (flavor == Credentials.AUTH_NONE) {
                credential = new RpcCredential.AuthNone();
            } else {
                return new Unauthenticated(xid, AuthStat.AUTH_REJECTEDCRED);
            }
        } catch (XdrException e) {
            return new Unauthenticated(xid, AuthStat.AUTH_BADCRED);
        }
        try {
            int flavor = r.readInt();
            r.readOpaque(Credentials.MAX_BODY);
            if (flavor != Credentials.AUTH_NONE) {
                return new Unauthenticated(xid, AuthStat.AUTH_BADVERF);
            }
        } catch (XdrException e) {
            return new Unauthenticated(xid, AuthStat.AUTH_BADVERF);
        }
        return new Call(xid, program, version, procedure, credential);
    }

    /** Writes a call's header. */
    static void write(Call call, XdrWriter w) {
        w.writeInt(call.xid()).writeInt(CALL).writeInt(RPC_VERSION);
        w.writeInt(call.program()).writeInt(call.version()).writeInt(call.procedure());
        Credentials.write(call.credential(), w);
        Credentials.writeNone(w);
    }
}
