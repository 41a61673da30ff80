package io.mooring.sunrpc.commands;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.regex.Pattern;
import org.apache.karaf.shell.support.CommandException;

/** Addresses as people write them. Stateless. */
final class Endpoints {
    /** Numbers only: a name must never be looked up, and it would not be an address of this host anyway. */
    private static final Pattern LITERAL =
            Pattern.compile("\\d+(\\.\\d+){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%\\w[\\w.-]*)?");

    private static final Pattern ZERO_GROUPS = Pattern.compile("\\b0(:0)+\\b");

    private Endpoints() {}

    /** "10.0.0.5:2049" or "[fe80::1%eth0]:2049"; null stays null. */
    static String format(InetSocketAddress endpoint) {
        if (endpoint == null) {
            return null;
        }
        String host = format(endpoint.getAddress());
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + endpoint.getPort();
    }

    /** IPv6 as RFC 5952 has it: the longest run of zero groups left out. */
    static String format(InetAddress address) {
        String text = address.getHostAddress();
        if (text.indexOf(':') < 0) {
            return text;
        }
        return ZERO_GROUPS
                .matcher(text)
                .results()
                .max(Comparator.comparingInt(run -> run.end() - run.start()))
                .map(run -> shortened(text.substring(0, run.start()), text.substring(run.end())))
                .orElse(text);
    }

    private static String shortened(String before, String after) {
        return (before.isEmpty() ? ":" : before) + (after.startsWith(":") ? after : ":" + after);
    }

    /** @throws CommandException where it is no IP address */
    static InetAddress parse(String text) throws CommandException {
        try {
            if (LITERAL.matcher(text).matches()) {
                return InetAddress.getByName(text);
            }
        } catch (UnknownHostException e) {
            throw new CommandException(text + " is not an IP address of this host: " + e.getMessage(), e);
        }
        throw new CommandException(text + " is not an IP address");
    }
}
