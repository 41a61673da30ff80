package io.mooring.itests.lab;

import java.util.List;
import java.util.Optional;

/**
 * A TCP socket as {@code ss -tnaoH} shows it. Immutable.
 *
 * @param state as ss names it, such as ESTAB or FIN-WAIT-1
 * @param local the local address, without brackets, scope and the prefix of IPv4-mapped addresses; {@code *} or 0.0.0.0 when any
 * @param localPort its port
 * @param peer the other side's address, likewise
 * @param peerPort its port, 0 when there is none
 */
record LabSocket(String state, String local, int localPort, String peer, int peerPort) {

    private static final int COLUMNS = 5;
    private static final String MAPPED = "::ffff:";

    static List<LabSocket> parse(String output) {
        return output.lines()
                .map(LabSocket::parseLine)
                .flatMap(Optional::stream)
                .toList();
    }

    /** State, receive queue, send queue, local, peer, and what we do not read. Other lines give nothing. */
    private static Optional<LabSocket> parseLine(String line) {
        String[] columns = line.strip().split("\\s+", -1);
        if (columns.length < COLUMNS || !columns[1].matches("[0-9]+")) {
            return Optional.empty();
        }
        String local = columns[3];
        String peer = columns[4];
        return Optional.of(new LabSocket(columns[0], address(local), port(local), address(peer), port(peer)));
    }

    private static String address(String endpoint) {
        String address = endpoint.substring(0, endpoint.lastIndexOf(':'));
        int scope = address.indexOf('%');
        address = (scope < 0 ? address : address.substring(0, scope))
                .replace("[", "")
                .replace("]", "");
        return address.startsWith(MAPPED) && address.contains(".") ? address.substring(MAPPED.length()) : address;
    }

    private static int port(String endpoint) {
        String port = endpoint.substring(endpoint.lastIndexOf(':') + 1);
        return port.equals("*") ? 0 : Integer.parseInt(port);
    }

    boolean listens() {
        return state.equals("LISTEN");
    }

    boolean established() {
        return state.equals("ESTAB");
    }
}
