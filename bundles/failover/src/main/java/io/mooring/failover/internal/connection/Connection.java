package io.mooring.failover.internal.connection;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A client's TCP connection to a server. Immutable.
 *
 * @param server the RPC server's name
 */
public record Connection(String server, InetSocketAddress local, InetSocketAddress client) {

    /** Whose it is, wherever the client connects from. */
    public Party party() {
        return new Party(server, client.getAddress());
    }

    /** A client of a server. */
    public record Party(String server, InetAddress client) {}
}
