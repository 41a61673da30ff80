package io.mooring.rpcbind.internal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A universal address (RFC 5665 §5.2.3): the host's text form, a dot, the port's high byte, a dot, its low byte.
 * Immutable. IPv6 scopes are not part of it.
 *
 * @param port 0 to 65535
 */
record UniversalAddress(InetAddress host, int port) {
    private static final Pattern FORM = Pattern.compile("(.+)\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    /** Only what cannot be a name: {@link InetAddress#getByName} must never ask a name server. */
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    UniversalAddress {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port " + port);
        }
    }

    /** Empty where the text is no universal address of IPv4 or IPv6. */
    static Optional<UniversalAddress> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        int high = Integer.parseInt(form.group(2));
        int low = Integer.parseInt(form.group(3));
        if (high > 255 || low > 255) {
            return Optional.empty();
        }
        return host(form.group(1)).map(host -> new UniversalAddress(host, high << 8 | low));
    }

    private static Optional<InetAddress> host(String text) {
        try {
            Matcher ipv4 = IPV4.matcher(text);
            if (ipv4.matches()) {
                byte[] address = new byte[4];
                for (int i = 0; i < 4; i++) {
                    int octet = Integer.parseInt(ipv4.group(i + 1));
                    if (octet > 255) {
                        return Optional.empty();
                    }
                    address[i] = (byte) octet;
                }
                return Optional.of(InetAddress.getByAddress(address));
            }
            return IPV6.matcher(text).matches() ? Optional.of(InetAddress.getByName(text)) : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** The text, with IPv6 as inet_ntop(3) and RFC 5952 write it. */
    String format() {
        String text = host instanceof Inet6Address ? formatIpv6(host.getAddress()) : host.getHostAddress();
        return text + "." + (port >> 8) + "." + (port & 0xff);
    }

    private static String formatIpv6(byte[] address) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (address[2 * i] & 0xff) << 8 | (address[2 * i + 1] & 0xff);
        }
        int start = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && groups[i + run] == 0) {
                run++;
            }
            if (run > length) {
                start = i;
                length = run;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(String.format(Locale.ROOT, "%x", groups[i]));
        }
        return text.toString();
    }
}
