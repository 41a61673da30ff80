package io.mooring.sunrpc;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A call that nobody waits for the reply of, as some programs answer: by a call of their own. Immutable.
 *
 * @param local the server's address that it leaves from
 * @param remote where it goes
 */
public record OneWayCall(
        InetAddress local,
        InetSocketAddress remote,
        RpcCredential credential,
        int program,
        int version,
        int procedure) {}
