package io.mooring.sunrpc;

import java.net.InetAddress;

/**
 * The first reply to a call, by which a retransmission of the call is answered, also by another node; or, while there is no reply
 * yet, what was {@linkplain RpcCall#note noted} of the call. Of one call the latest counts. Immutable.
 *
 * @param client its address; the port is no part of it, since a client that reconnects may come from another one
 * @param argumentBytes the request's length
 * @param checksum of its beginning
 * @param note the call was carried out, and there is no reply yet
 * @param reply the whole RPC reply, without record mark; not to be changed. Of a note: what {@link MooredAddress#restore} reads,
 *     and nothing where the note is settled
 */
public record KeptReply(
        InetAddress client,
        int xid,
        int program,
        int version,
        int procedure,
        int argumentBytes,
        int checksum,
        boolean note,
        byte[] reply) {
    /** The most bytes of a reply, or note, that is kept: several times what any procedure has that is kept. */
    public static final int MAX_BYTES = 64 << 10;

    /** The same call's. */
    public KeptReply with(boolean isNote, byte[] other) {
        return new KeptReply(client, xid, program, version, procedure, argumentBytes, checksum, isNote, other);
    }
}
