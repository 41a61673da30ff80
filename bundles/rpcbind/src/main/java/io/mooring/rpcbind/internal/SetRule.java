package io.mooring.rpcbind.internal;

import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcException;
import java.net.InetSocketAddress;

/**
 * Who may change the table: programs on this host, as with rpcbind(8); if told so, only those that may use a privileged
 * port. Thread-safe: immutable but for its log.
 */
final class SetRule {
    private static final int FIRST_UNPRIVILEGED_PORT = 1024;

    private final boolean privilegedOnly;
    private final RateLimitedLog denied;

    SetRule(boolean privilegedOnly, RateLimitedLog denied) {
        this.privilegedOnly = privilegedOnly;
        this.denied = denied;
    }

    /**
     * The owner that the caller acts as.
     *
     * @throws RpcException AUTH_TOOWEAK where it may not
     */
    String owner(RpcCall call) throws RpcException {
        InetSocketAddress remote = call.remoteAddress();
        // Both ends: a packet with a forged loopback source does not come to a loopback address.
        boolean loopback = remote.getAddress().isLoopbackAddress()
                && call.localAddress().getAddress().isLoopbackAddress();
        boolean privileged = remote.getPort() < FIRST_UNPRIVILEGED_PORT;
        if (loopback && privileged) {
            return Registration.SUPERUSER;
        }
        if (loopback && !privilegedOnly) {
            return Registration.UNKNOWN;
        }
        String why = loopback ? "its port is not a privileged one (see privilegedSet)" : "it is not on loopback";
        denied.log("SET or UNSET by " + remote.getAddress().getHostAddress() + " port " + remote.getPort() + " denied: "
                + why);
        throw new RpcException(RpcException.Answer.AUTH_TOOWEAK, why);
    }
}
