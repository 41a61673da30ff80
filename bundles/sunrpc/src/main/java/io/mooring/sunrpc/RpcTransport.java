package io.mooring.sunrpc;

import java.net.InetSocketAddress;
import java.time.Instant;

/**
 * A snapshot of one transport.
 *
 * @param id unique within the process
 * @param kind the kernel's terms
 * @param remote null for a permanent transport
 * @param opened when it was bound or accepted
 * @param lastUsed when it last carried a call or a reply
 * @param calls calls received (client transports: sent)
 * @param bytesIn bytes received
 * @param bytesOut bytes sent
 */
public record RpcTransport(
        long id,
        Kind kind,
        Netid netid,
        InetSocketAddress local,
        InetSocketAddress remote,
        Instant opened,
        Instant lastUsed,
        long calls,
        long bytesIn,
        long bytesOut) {

    /** The kernel's terms for a transport's role. */
    public enum Kind {
        PERMANENT,
        TEMPORARY,
        CLIENT
    }
}
