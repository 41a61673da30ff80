package io.mooring.itests.lab;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Records when connections begin and end on the lab's network, and who says whose an address is: what a client that waited too long
 * was waiting for. Data are left out. Ended by the reaper. Owned by the thread of the tests.
 */
final class LabPackets {

    /** SYN, FIN and RST of TCP in IPv4 and IPv6, ARP, and neighbour discovery. */
    private static final String FILTER =
            "arp or icmp6 or (ip and tcp[13] & 7 != 0) or (ip6 proto 6 and ip6[53] & 7 != 0)";

    private static final String LINES = "80";

    private final Path file;

    private LabPackets(Path file) {
        this.file = file;
    }

    static LabPackets record(LabNetwork network, Path file) {
        HostCommand tcpdump = network.program("tcpdump", "-i", "br0", "-l", "-e", "-nn", "-s", "96", FILTER);
        try {
            tcpdump.start(file);
        } catch (IOException e) {
            throw new LabException("no packets can be recorded", e);
        }
        return new LabPackets(file);
    }

    /** The last of them, one in a line. Never fails. */
    String last() {
        try {
            return "packets:\n"
                    + HostCommand.of("tail", "-n", LINES, file.toString()).run().output();
        } catch (LabException e) {
            return "no packets: " + e.getMessage();
        }
    }
}
