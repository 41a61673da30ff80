package io.mooring.nfsd.internal.exports;

import io.mooring.nfsd.internal.exports.HostNames.NameServiceException;
import io.mooring.nfsd.internal.wire.Mount3;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Whom a part of an export is for: a client of exports(5). Immutable. */
public sealed interface ClientPattern {

    /** As it is written in exports(5). */
    String text();

    /** The lowest that matches decides (exports(5): host, network, wildcard, netgroup, anyone). */
    int rank();

    boolean matches(InetAddress client, HostNames names) throws NameServiceException;

    /** Whether names are looked up, so that the answer may change with time. */
    default boolean usesNames() {
        return false;
    }

    /** One host by its address. */
    record Address(String text, InetAddress address) implements ClientPattern {
        @Override
        public int rank() {
            return 0;
        }

        @Override
        public boolean matches(InetAddress client, HostNames names) {
            return client.equals(address);
        }
    }

    /** One host by its name. */
    record Host(String text) implements ClientPattern {
        @Override
        public int rank() {
            return 0;
        }

        @Override
        public boolean matches(InetAddress client, HostNames names) throws NameServiceException {
            return names.addresses(text).contains(client);
        }

        @Override
        public boolean usesNames() {
            return true;
        }
    }

    /** A network: the first {@code prefix} bits of the address. The longer prefix is the more specific one. */
    record Network(String text, InetAddress address, int prefix) implements ClientPattern {
        @Override
        public int rank() {
            return 1 + 128 - prefix;
        }

        @Override
        public boolean matches(InetAddress client, HostNames names) {
            byte[] mine = address.getAddress();
            byte[] theirs = client.getAddress();
            if (mine.length != theirs.length) {
                return false;
            }
            for (int bit = 0; bit < prefix; bit += 8) {
                int mask = prefix - bit >= 8 ? 0xff : (0xff00 >> (prefix - bit)) & 0xff;
                if (((mine[bit / 8] ^ theirs[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Hosts whose name matches. */
    record Wildcard(String text, Pattern pattern) implements ClientPattern {
        @Override
        public int rank() {
            return 200;
        }

        @Override
        public boolean matches(InetAddress client, HostNames names) throws NameServiceException {
            String name = names.name(client);
            return name != null && pattern.matcher(name).matches();
        }

        @Override
        public boolean usesNames() {
            return true;
        }
    }

    /**
     * The hosts of a netgroup, by address or by the name that their address leads to. One without a domain counts where it
     * leads to the client's address: the same name in another domain is another host.
     */
    record Netgroup(String text) implements ClientPattern {
        @Override
        public int rank() {
            return 250;
        }

        @Override
        public boolean matches(InetAddress client, HostNames names) throws NameServiceException {
            Set<String> hosts = names.netgroup(text.substring(1));
            if (hosts.isEmpty()) {
                return false;
            }
            // The scope of a link-local address is this host's own.
            if (hosts.contains("") || hosts.contains(client.getHostAddress().replaceFirst("%.*", ""))) {
                return true;
            }
            String name = names.name(client);
            if (name == null) {
                return false;
            }
            String full = name.toLowerCase(Locale.ROOT);
            String host = full.substring(0, full.indexOf('.') < 0 ? full.length() : full.indexOf('.'));
            return hosts.contains(full)
                    || (hosts.contains(host) && names.addresses(host).contains(client));
        }

        @Override
        public boolean usesNames() {
            return true;
        }
    }

    /** Everyone. */
    record Anyone() implements ClientPattern {
        @Override
        public String text() {
            return "*";
        }

        @Override
        public int rank() {
            return 300;
        }

        @Override
        public boolean matches(InetAddress client, HostNames names) {
            return true;
        }
    }

    /**
     * Reads a client; the empty one is everyone.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static ClientPattern parse(String text) {
        if (text.isEmpty() || text.equals("*")) {
            return new Anyone();
        }
        if (text.length() > Mount3.MNTNAMLEN) {
            throw new IllegalArgumentException("client '" + text + "' is longer than " + Mount3.MNTNAMLEN);
        }
        if (text.startsWith("@")) {
            if (!text.matches("@[A-Za-z0-9_][A-Za-z0-9_.-]*")) {
                throw new IllegalArgumentException("client '" + text + "' is no name of a netgroup");
            }
            return new Netgroup(text);
        }
        int slash = text.indexOf('/');
        if (slash >= 0) {
            return network(text, text.substring(0, slash), text.substring(slash + 1));
        }
        if (isAddress(text)) {
            return new Address(text, address(text, text));
        }
        if (text.matches(".*[*?\\[].*")) {
            return wildcard(text);
        }
        if (!text.matches("[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?")) {
            throw new IllegalArgumentException("client '" + text + "' is no host name, address or network");
        }
        return new Host(text.toLowerCase(Locale.ROOT));
    }

    private static Network network(String text, String base, String mask) {
        if (!isAddress(base)) {
            throw new IllegalArgumentException("client '" + text + "': a network starts with an address");
        }
        InetAddress address = address(text, base);
        int bits = address.getAddress().length * 8;
        int prefix = mask.matches("\\d{1,3}") ? Integer.parseInt(mask) : netmaskPrefix(text, bits, mask);
        if (prefix > bits) {
            throw new IllegalArgumentException("client '" + text + "': the prefix has at most " + bits + " bits");
        }
        return new Network(text, address, prefix);
    }

    private static int netmaskPrefix(String text, int bits, String mask) {
        if (bits == 32 && isAddress(mask)) {
            int value = 0;
            for (byte b : address(text, mask).getAddress()) {
                value = (value << 8) | (b & 0xff);
            }
            int prefix = Integer.numberOfLeadingZeros(~value);
            if (prefix == 32 || value << prefix == 0) {
                return prefix;
            }
        }
        throw new IllegalArgumentException("client '" + text + "': '" + mask + "' is no prefix length or netmask");
    }

    private static Wildcard wildcard(String text) {
        if (text.matches("[0-9.*?]+")) {
            throw new IllegalArgumentException(
                    "client '" + text + "': wildcards match names, not addresses; use a network such as 10.1.0.0/16");
        }
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '[') {
                int close = text.indexOf(']', i);
                regex.append(characterClass(text, text.substring(i + 1, Math.max(i + 1, close))));
                i = close;
            } else {
                regex.append(
                        switch (c) {
                            case '*' -> ".*";
                            case '?' -> ".";
                            default -> Pattern.quote(String.valueOf(c));
                        });
            }
        }
        return new Wildcard(text, Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE));
    }

    private static String characterClass(String text, String set) {
        try {
            if (set.matches("[!^]?[A-Za-z0-9_-]+")) {
                return Pattern.compile("[" + set.replaceFirst("^!", "^") + "]").pattern();
            }
        } catch (PatternSyntaxException e) {
            // The same message as below.
        }
        throw new IllegalArgumentException("client '" + text + "': bad character class");
    }

    /** Only what cannot be a name, so that nothing is looked up. */
    private static boolean isAddress(String text) {
        return text.indexOf(':') >= 0 || text.matches("\\d+\\.\\d+\\.\\d+\\.\\d+");
    }

    private static InetAddress address(String client, String text) {
        try {
            boolean ipv4 = text.indexOf(':') < 0;
            if (text.indexOf('%') < 0 && (!ipv4 || text.matches("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.|$)){4}"))) {
                return InetAddress.getByName(text);
            }
        } catch (UnknownHostException e) {
            // The same message as below.
        }
        throw new IllegalArgumentException("client '" + client + "': '" + text + "' is no IP address");
    }
}
