package io.mooring.vfs.service;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * A service as an administrator declares it, the same on every node. Immutable.
 *
 * @param name for people: "data"
 * @param addresses the floating addresses; it is served through these and no others
 * @param exports lines in exports(5) syntax
 * @param origin where they stand, for messages: a file's name
 * @param stateDirectory on storage that moves with the service; no export may give it away
 */
public record ServiceDeclaration(
        String name, List<InetAddress> addresses, List<String> exports, String origin, Path stateDirectory) {

    public ServiceDeclaration {
        addresses = List.copyOf(addresses);
        exports = List.copyOf(exports);
    }
}
