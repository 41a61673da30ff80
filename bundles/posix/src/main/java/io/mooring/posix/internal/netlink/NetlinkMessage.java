package io.mooring.posix.internal.netlink;

import io.mooring.posix.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One netlink message (struct nlmsghdr and what follows). Immutable, but its payload is a view of the receive buffer:
 * decode it before the next receive.
 *
 * @param port the receiver's port for an answer; for a notification the port of who asked for the change, or 0
 */
record NetlinkMessage(int type, int flags, int sequence, int port, ByteBuffer payload) {
    static final int HEADER_BYTES = 16;

    static final int NLMSG_ERROR = 2;
    static final int NLMSG_DONE = 3;

    static final int NLM_F_REQUEST = 1;
    static final int NLM_F_ACK = 4;
    static final int NLM_F_DUMP = 0x300;
    static final int NLM_F_DUMP_INTR = 0x10;

    /**
     * Splits a datagram into its messages. A message whose length is impossible ends the list: what follows it cannot
     * be found.
     */
    static List<NetlinkMessage> split(ByteBuffer datagram) {
        ByteBuffer in = datagram.slice().order(ByteOrder.nativeOrder());
        List<NetlinkMessage> messages = new ArrayList<>();
        int at = 0;
        while (in.limit() - at >= HEADER_BYTES) {
            int length = in.getInt(at);
            if (length < HEADER_BYTES || length > in.limit() - at) {
                break;
            }
            ByteBuffer payload =
                    in.slice(at + HEADER_BYTES, length - HEADER_BYTES).order(ByteOrder.nativeOrder());
            messages.add(new NetlinkMessage(
                    Short.toUnsignedInt(in.getShort(at + 4)),
                    Short.toUnsignedInt(in.getShort(at + 6)),
                    in.getInt(at + 8),
                    in.getInt(at + 12),
                    payload));
            // The last one need not be padded; adding to a length up to the limit cannot overflow.
            at += Math.min((length + 3) & ~3, in.limit() - at);
        }
        return messages;
    }

    /**
     * A request, ready to send.
     *
     * @param flags NLM_F_REQUEST is added
     */
    static ByteBuffer request(int type, int flags, int sequence, ByteBuffer payload) {
        int length = HEADER_BYTES + payload.remaining();
        ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
        out.putInt(length).putShort((short) type).putShort((short) (flags | NLM_F_REQUEST));
        out.putInt(sequence).putInt(0).put(payload.duplicate());
        return out.flip();
    }

    boolean interrupted() {
        return (flags & NLM_F_DUMP_INTR) != 0;
    }

    /** The errno in an NLMSG_ERROR or NLMSG_DONE message; 0 is success. */
    int error() {
        if (payload.remaining() < Integer.BYTES) {
            return type == NLMSG_ERROR ? Errno.EIO : 0;
        }
        return -payload.getInt(0);
    }
}
