package io.mooring.sunrpc.internal.server;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Locale;

/** Says why a port could not be bound, and what to do. Stateless. */
final class BindFailure {
    private BindFailure() {}

    /** Whether another address family would fail the same way. */
    static boolean isFinal(Throwable cause) {
        return isInUse(cause) || isForbidden(cause);
    }

    /**
     * @param address null for all
     */
    static IOException of(String server, String protocol, InetAddress address, int port, Throwable cause) {
        String where = protocol + " port " + port + (address == null ? "" : " of " + address.getHostAddress());
        return new IOException(
                server + ": cannot listen on " + where + " (" + reason(cause) + "): " + advice(cause), cause);
    }

    private static String reason(Throwable cause) {
        if (isInUse(cause)) {
            return "Address already in use";
        }
        return isForbidden(cause) ? "Permission denied" : String.valueOf(cause.getMessage());
    }

    private static String advice(Throwable cause) {
        if (isInUse(cause)) {
            return "stop the other server or choose another port";
        }
        if (isForbidden(cause)) {
            return "ports below 1024 need root or CAP_NET_BIND_SERVICE, choose another port";
        }
        return "check the addresses that are configured";
    }

    private static boolean isInUse(Throwable cause) {
        return says(cause, "already in use");
    }

    private static boolean isForbidden(Throwable cause) {
        return says(cause, "permission denied");
    }

    private static boolean says(Throwable cause, String words) {
        return String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains(words);
    }
}
