package io.mooring.sunrpc;

import java.net.InetAddress;

/**
 * The first reply to a call, by which a retransmission of the call is answered, also by another node. Immutable.
 *
 * @param client its address; the port is no part of it, since a client that reconnects may come from another one
 * @param argumentBytes the request's length
 * @param checksum of its beginning
 * @param reply the whole RPC reply, without record mark; not to be changed
 */
public record KeptReply(
        InetAddress client,
        int xid,
        int program,
        int version,
        int procedure,
        int argumentBytes,
        int checksum,
        byte[] reply) {}
