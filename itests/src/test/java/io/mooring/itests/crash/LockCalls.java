package io.mooring.itests.crash;

import io.mooring.itests.crash.CallSocket.Target;
import io.mooring.lockd.internal.wire.Nlm4;
import io.mooring.lockd.internal.wire.NlmVersion;
import io.mooring.lockd.internal.wire.Sm1;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.sunrpc.XdrWriter;
import java.io.IOException;

/** Calls of NLM version 4, for the first bytes of a file, and of NSM. Stateless. */
final class LockCalls {
    /** Before and after the client's restart. */
    private static final int STATE = 1;

    private static final int NEXT_STATE = 3;
    private static final String NAME = "client";

    private LockCalls() {}

    static byte[] lock(int xid, NfsFh3 file, int owner) throws IOException {
        return lock(xid, range(file, owner), false, STATE);
    }

    static byte[] lockAfterRestart(int xid, NfsFh3 file, int owner) throws IOException {
        return lock(xid, range(file, owner), false, NEXT_STATE);
    }

    /** Waits for it where it is not to be had. */
    static byte[] waitForLock(int xid, NfsFh3 file, int owner) throws IOException {
        return lock(xid, range(file, owner), true, STATE);
    }

    private static byte[] lock(int xid, Nlm4.Lock lock, boolean block, int state) throws IOException {
        return nlm(xid, 2, new Nlm4.LockArgs(cookie(), block, true, lock, false, state));
    }

    /** Ends that waiting. */
    static byte[] cancel(int xid, NfsFh3 file, int owner) throws IOException {
        return nlm(xid, 3, new Nlm4.CancArgs(cookie(), true, true, range(file, owner)));
    }

    static byte[] unlock(int xid, NfsFh3 file, int owner) throws IOException {
        return nlm(xid, 4, new Nlm4.UnlockArgs(cookie(), range(file, owner)));
    }

    static byte[] freeAll(int xid) throws IOException {
        return nlm(xid, 23, new Nlm4.Notify(NAME, STATE));
    }

    /** SM_NOTIFY: the client restarted. */
    static byte[] restarted(int xid) throws IOException {
        XdrWriter writer = XdrWriter.create();
        new Sm1.StatChge(NAME, NEXT_STATE).write(writer);
        return CallSocket.call(xid, new Target(Sm1.PROGRAM, Sm1.VERSION, Sm1.SM_NOTIFY), writer.toByteArray());
    }

    private static byte[] cookie() {
        return new byte[] {1};
    }

    private static Nlm4.Lock range(NfsFh3 file, int owner) {
        return new Nlm4.Lock(NAME, file.data(), new byte[] {(byte) owner}, owner, 0, 10);
    }

    private static byte[] nlm(int xid, int procedure, Nlm4.Item arguments) throws IOException {
        XdrWriter writer = XdrWriter.create();
        arguments.write(writer, NlmVersion.V4);
        return CallSocket.call(xid, new Target(Nlm4.PROGRAM, 4, procedure), writer.toByteArray());
    }
}
