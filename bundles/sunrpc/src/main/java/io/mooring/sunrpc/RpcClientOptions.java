package io.mooring.sunrpc;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How a client reaches a server.
 *
 * @param remote the server's address and port
 * @param local the address to call from, or null for any; port 0 for any
 * @param netid TCP or UDP (the address says which family)
 * @param credential sent with every call
 * @param timeout a call fails after this long
 * @param retransmission a UDP call is sent again after this long, doubling each time
 */
public record RpcClientOptions(
        InetSocketAddress remote,
        InetSocketAddress local,
        Netid netid,
        RpcCredential credential,
        Duration timeout,
        Duration retransmission) {

    /** Any local address, AUTH_NONE, 10 s, first retransmission after 0.5 s. */
    public static RpcClientOptions of(Netid netid, InetSocketAddress remote) {
        return new RpcClientOptions(
                remote, null, netid, new RpcCredential.AuthNone(), Duration.ofSeconds(10), Duration.ofMillis(500));
    }
}
