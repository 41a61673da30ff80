package io.mooring.failover.internal.machine;

import io.mooring.failover.internal.Records;
import io.mooring.sunrpc.KeptReply;
import java.io.IOException;
import java.net.InetAddress;

/**
 * A record of the journal's stream "replies": the reply to a call that came to a server by an address, or what was noted of the
 * call before. Of one call the latest counts. Immutable.
 *
 * <pre>
 * utf server · address local · address client · u32 xid, program, version, procedure, argument bytes, checksum
 * · u8 1: a note · u32 bytes · the reply, or the note
 * </pre>
 */
record ReplyRecord(String server, InetAddress local, KeptReply kept) {
    /** Equal for those of one call. */
    ReplyRecord call() {
        return new ReplyRecord(server, local, kept.with(false, null));
    }

    ReplyRecord with(KeptReply other) {
        return new ReplyRecord(server, local, other);
    }

    byte[] encode() {
        return Records.encode(out -> {
            out.writeUTF(server);
            Records.writeAddress(out, local);
            Records.writeAddress(out, kept.client());
            out.writeInt(kept.xid());
            out.writeInt(kept.program());
            out.writeInt(kept.version());
            out.writeInt(kept.procedure());
            out.writeInt(kept.argumentBytes());
            out.writeInt(kept.checksum());
            out.writeBoolean(kept.note());
            out.writeInt(kept.reply().length);
            out.write(kept.reply());
        });
    }

    /**
     * Reads one.
     *
     * @throws IOException where it is none
     */
    static ReplyRecord decode(byte[] record) throws IOException {
        return Records.decode(record, in -> {
            String server = in.readUTF();
            InetAddress local = Records.readAddress(in);
            InetAddress client = Records.readAddress(in);
            int[] numbers = new int[6];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = in.readInt();
            }
            boolean note = in.readBoolean();
            int length = in.readInt();
            if (length < 0 || length > Math.min(KeptReply.MAX_BYTES, in.available())) {
                throw new IOException("no reply has " + length + " bytes");
            }
            byte[] reply = in.readNBytes(length);
            KeptReply kept = new KeptReply(
                    client, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], note, reply);
            return new ReplyRecord(server, local, kept);
        });
    }
}
