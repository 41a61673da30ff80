package io.mooring.itests.lab;

/**
 * A firewall on a node, in the node's own network namespace, by the guest tree's nftables. It follows connections as the kernel
 * does by itself (nf_conntrack_tcp_be_liberal is 0). Owned by the thread of the tests.
 */
final class LabFirewall implements AutoCloseable {

    private static final String TABLE = "inet lab";

    private final LabNode node;

    private LabFirewall(LabNode node) {
        this.node = node;
    }

    /** @param chains as they stand in a table of nft */
    static LabFirewall on(LabNode node, String chains) {
        // The kernel is lenient with connections that it knows of from earlier rules.
        node.program("conntrack", "-F").succeed();
        node.program("nft", "table " + TABLE + " {\n" + chains + "}").succeed();
        return new LabFirewall(node);
    }

    /** How many packets the counter of this name has seen. */
    long packets(String counter) {
        String shown =
                node.program("nft", "list counter " + TABLE + " " + counter).succeed();
        return Long.parseLong(shown.replaceAll("(?s).*packets ([0-9]+).*", "$1"));
    }

    @Override
    public void close() {
        node.program("nft", "delete table " + TABLE).succeed();
    }
}
