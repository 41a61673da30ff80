package io.mooring.sunrpc.commands;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Addresses as people write them. Stateless. */
final class Endpoints {
    /** Numbers only: a name must never be looked up, and it would not be an address of this host anyway. */
    private static final Pattern LITERAL =
            Pattern.compile("\\d+(\\.\\d+){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%\\w[\\w.-]*)?");

    private Endpoints() {}

    /** "10.0.0.5:2049" or "[fe80::1%eth0]:2049"; null stays null. */
    static String format(InetSocketAddress endpoint) {
        if (endpoint == null) {
            return null;
        }
        String host = format(endpoint.getAddress());
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + endpoint.getPort();
    }

    static String format(InetAddress address) {
        return address.getHostAddress();
    }

    /** @throws IllegalArgumentException where it is no IP address */
    static InetAddress parse(String text) {
        try {
            if (LITERAL.matcher(text).matches()) {
                return InetAddress.getByName(text);
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text + " is not an IP address of this host: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(text + " is not an IP address");
    }
}
