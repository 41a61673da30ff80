package io.mooring.itests.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bridge in a network namespace of its own, to which nodes (namespaces) and guests (taps) are wired: 10.77.0.0/24 and
 * fd77::/64, with no way out. The namespaces carry this process's id in their names, so that runs do not meet; those of runs that
 * are gone are removed first. The reaper removes them all. Owned by the thread that makes the lab.
 *
 * <pre>
 *   node1 .11 --+            +-- tap -- guest .100
 *   node2 .12 --+-- bridge --+-- tap -- guest .101
 *   floating .50: in node1 or in node2
 * </pre>
 */
final class LabNetwork {

    static final String CLIENTS = "10.77.0.0/24";
    static final String CLIENTS6 = "fd77::/64";
    static final String FLOATING = "10.77.0.50";

    private static final Pattern NAMESPACE = Pattern.compile("(mooring-lab-([0-9]+))-[a-z0-9]+");

    private static final Path NO_DIRECTORY = Path.of("/dev/null");

    private final String prefix;
    private final String bridge;
    private final LabRootfs rootfs;
    private final List<String> taps = new ArrayList<>();

    private LabNetwork(String prefix, LabRootfs rootfs) {
        this.prefix = prefix;
        this.bridge = prefix + "-bridge";
        this.rootfs = rootfs;
    }

    /** What the names of this process's namespaces begin with. */
    static String prefix() {
        return "mooring-lab-" + ProcessHandle.current().pid();
    }

    static LabNetwork create(LabRootfs rootfs) {
        LabNetwork network = new LabNetwork(prefix(), rootfs);
        ip("netns", "add", network.bridge);
        ip("-n", network.bridge, "link", "set", "lo", "up");
        ip("-n", network.bridge, "link", "add", "br0", "type", "bridge", "forward_delay", "0", "stp_state", "0");
        ip("-n", network.bridge, "link", "set", "br0", "up");
        return network;
    }

    /** Ends what runs of processes that are no more left behind, and what an earlier process of our id left. */
    static void removeLeftovers() {
        HostCommand.of("ip", "netns", "list")
                .succeed()
                .lines()
                .map(NAMESPACE::matcher)
                .filter(Matcher::lookingAt)
                .filter(matcher -> !aliveElsewhere(Long.parseLong(matcher.group(2))))
                .map(matcher -> matcher.group(1))
                .distinct()
                .forEach(leftover -> LabReaper.watch(leftover, NO_DIRECTORY).close());
    }

    /** A node: .{@code number} of the network. */
    LabNode addNode(String name, int number) {
        String namespace = prefix + "-" + name;
        ip("netns", "add", namespace);
        String port = "v" + number;
        ip("-n", namespace, "link", "add", LabNode.INTERFACE, "type", "veth", "peer", "name", port, "netns", bridge);
        ip("-n", bridge, "link", "set", port, "master", "br0", "up");
        ip("-n", namespace, "link", "set", "lo", "up");
        ip("-n", namespace, "link", "set", LabNode.INTERFACE, "up");
        ip("-n", namespace, "addr", "add", "10.77.0." + number + "/24", "dev", LabNode.INTERFACE);
        ip("-n", namespace, "addr", "add", "fd77::" + number + "/64", "dev", LabNode.INTERFACE, "nodad");
        return new LabNode(name, namespace, "10.77.0." + number, rootfs);
    }

    /** A tap for a guest; one that an earlier guest of that number used is there already. */
    String tap(int number) {
        String tap = "t" + number;
        if (!taps.contains(tap)) {
            HostCommand.of(inBridge(), "ip", "tuntap", "add", "dev", tap, "mode", "tap")
                    .succeed();
            ip("-n", bridge, "link", "set", tap, "master", "br0", "up");
            taps.add(tap);
        }
        return tap;
    }

    /** Cuts or mends a node's link at the bridge: the node keeps its addresses. */
    void link(int number, boolean up) {
        ip("-n", bridge, "link", "set", "v" + number, up ? "up" : "down");
    }

    /** One of the guest tree's programs, at the bridge. */
    HostCommand program(String... words) {
        return HostCommand.of(inBridge(), rootfs.chroot(words).toArray(String[]::new));
    }

    /** The words that run a command in the bridge's namespace, where the taps are. */
    List<String> inBridge() {
        return List.of("ip", "netns", "exec", bridge);
    }

    private static void ip(String... words) {
        HostCommand.of(List.of("ip"), words).succeed();
    }

    private static boolean aliveElsewhere(long pid) {
        return pid != ProcessHandle.current().pid() && Files.exists(Path.of("/proc", Long.toString(pid)));
    }
}
