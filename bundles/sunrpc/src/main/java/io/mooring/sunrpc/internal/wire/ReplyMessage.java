package io.mooring.sunrpc.internal.wire;

import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import io.netty.buffer.ByteBuf;

/** The reply messages of RFC 5531 §9: writes them for the server, reads them for the client. Stateless. */
public final class ReplyMessage {
    public static final int SUCCESS = 0;
    public static final int PROG_UNAVAIL = 1;
    public static final int PROG_MISMATCH = 2;
    public static final int PROC_UNAVAIL = 3;
    public static final int GARBAGE_ARGS = 4;
    public static final int SYSTEM_ERR = 5;

    private static final int REPLY = 1;
    private static final int MSG_ACCEPTED = 0;
    private static final int MSG_DENIED = 1;
    private static final int RPC_MISMATCH = 0;
    private static final int AUTH_ERROR = 1;

    private ReplyMessage() {}

    /**
     * What a reply says before its result.
     *
     * @param status an accept_stat where accepted, else an auth_stat, or -1 for a wrong RPC version
     * @param low lowest version served, where the status is a mismatch
     * @param high highest version served
     */
    public record Header(boolean accepted, int status, int low, int high) {}

    /** The header of an accepted call; with SUCCESS its result follows. */
    public static void writeAccepted(XdrWriter w, int xid, int acceptStat) {
        w.writeInt(xid).writeInt(REPLY).writeInt(MSG_ACCEPTED);
        Credentials.writeNone(w);
        w.writeInt(acceptStat);
    }

    public static void writeProgramMismatch(XdrWriter w, int xid, int low, int high) {
        writeAccepted(w, xid, PROG_MISMATCH);
        w.writeInt(low).writeInt(high);
    }

    public static void writeRpcMismatch(XdrWriter w, int xid) {
        w.writeInt(xid).writeInt(REPLY).writeInt(MSG_DENIED).writeInt(RPC_MISMATCH);
        w.writeInt(CallMessage.RPC_VERSION).writeInt(CallMessage.RPC_VERSION);
    }

    public static void writeAuthError(XdrWriter w, int xid, AuthStat why) {
        w.writeInt(xid)
                .writeInt(REPLY)
                .writeInt(MSG_DENIED)
                .writeInt(AUTH_ERROR)
                .writeInt(why.value());
    }

    /** Whether a message is a reply, as far as its first words say. */
    public static boolean is(ByteBuf message) {
        return message.readableBytes() >= 8 && message.getInt(message.readerIndex() + 4) == REPLY;
    }

    /** Reads what follows the xid; the reader then stands at the result. */
    public static Header read(XdrReader r) throws XdrException {
        if (r.readInt() != REPLY) {
            throw new XdrException("not a reply");
        }
        return switch (r.readInt()) {
            case MSG_ACCEPTED -> readAccepted(r);
            case MSG_DENIED -> readDenied(r);
            default -> throw new XdrException("neither accepted nor denied");
        };
    }

    private static Header readAccepted(XdrReader r) throws XdrException {
        r.readInt();
        r.readOpaque(Credentials.MAX_BODY);
        int status = r.readInt();
        return status == PROG_MISMATCH
                ? new Header(true, status, r.readInt(), r.readInt())
                : new Header(true, status, 0, 0);
    }

    private static Header readDenied(XdrReader r) throws XdrException {
        return r.readInt() == RPC_MISMATCH
                ? new Header(false, -1, r.readInt(), r.readInt())
                : new Header(false, r.readInt(), 0, 0);
    }
}
