package io.mooring.nfsd.internal.exports;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Netgroups as netgroup(5) writes them: a name, then triples {@code (host,user,domain)} and names of other groups. Only hosts
 * count for exports. Immutable.
 */
final class NetgroupText {
    private static final Pattern WORD = Pattern.compile("\\([^()]*\\)|[^\\s()]+");

    private final Map<String, List<String>> groups = new HashMap<>();

    /** Reads a file, or an answer of getent(1); what is no triple and no name is left out. */
    NetgroupText(String text) {
        for (String line : text.replace("\\\n", " ").split("\n", -1)) {
            int comment = line.indexOf('#');
            Matcher words = WORD.matcher(comment < 0 ? line : line.substring(0, comment));
            if (words.find()) {
                List<String> members = groups.computeIfAbsent(words.group(), name -> new ArrayList<>());
                while (words.find()) {
                    members.add(words.group());
                }
            }
        }
    }

    boolean has(String name) {
        return groups.containsKey(name);
    }

    /**
     * The hosts of a group and of those in it, in lower case; an empty one stands for every host. Groups that contain each
     * other end, as each is looked at once.
     */
    Set<String> hosts(String name) {
        Set<String> hosts = new HashSet<>();
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(name));
        while (!open.isEmpty()) {
            String group = open.pop();
            if (seen.add(group)) {
                for (String member : groups.getOrDefault(group, List.of())) {
                    if (member.startsWith("(")) {
                        addHost(hosts, member.substring(1, member.length() - 1));
                    } else {
                        open.push(member);
                    }
                }
            }
        }
        return hosts;
    }

    private static void addHost(Set<String> hosts, String triple) {
        String[] fields = triple.split(",", -1);
        String host = fields[0].strip().toLowerCase(Locale.ROOT);
        // A dash is no host at all, and a triple has three fields.
        if (fields.length == 3 && !host.equals("-")) {
            hosts.add(canonical(host));
        }
    }

    /** An IPv6 address has many spellings. */
    private static String canonical(String host) {
        if (!host.matches("[0-9a-f.]*:[0-9a-f:.]*")) {
            return host;
        }
        try {
            return InetAddress.getByName(host).getHostAddress();
        } catch (UnknownHostException e) {
            return host;
        }
    }
}
