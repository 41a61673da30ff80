package io.mooring.sunrpc.internal.wire;

import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import java.nio.charset.StandardCharsets;

/** Credentials and verifiers on the wire (RFC 5531 §8.2, appendix A). Stateless. */
final class Credentials {
    static final int AUTH_NONE = 0;
    static final int AUTH_SYS = 1;

    static final int MAX_BODY = 400;
    private static final int MAX_MACHINE_NAME = 255;
    private static final int MAX_GROUPS = 16;

    private Credentials() {}

    /** The body of an AUTH_SYS credential. */
    static RpcCredential.AuthSys readAuthSys(XdrReader body) throws XdrException {
        int stamp = body.readInt();
        String machineName = body.readString(MAX_MACHINE_NAME);
        int uid = body.readInt();
        int gid = body.readInt();
        int[] groups = new int[body.readLength(MAX_GROUPS)];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = body.readInt();
        }
        return new RpcCredential.AuthSys(stamp, machineName, uid, gid, groups);
    }

    /** Flavor and body. */
    static void write(RpcCredential credential, XdrWriter w) {
        if (credential instanceof RpcCredential.AuthSys sys) {
            byte[] name = sys.machineName().getBytes(StandardCharsets.UTF_8);
            int padded = name.length + (-name.length & 3);
            w.writeInt(AUTH_SYS).writeInt(20 + padded + 4 * sys.groups().length);
            w.writeInt(sys.stamp()).writeOpaque(name).writeInt(sys.uid()).writeInt(sys.gid());
            w.writeInt(sys.groups().length);
            for (int group : sys.groups()) {
                w.writeInt(group);
            }
        } else {
            writeNone(w);
        }
    }

    /** AUTH_NONE, also as a verifier. */
    static void writeNone(XdrWriter w) {
        w.writeInt(AUTH_NONE).writeInt(0);
    }
}
