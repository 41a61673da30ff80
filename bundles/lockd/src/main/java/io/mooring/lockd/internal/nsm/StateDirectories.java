package io.mooring.lockd.internal.nsm;

import java.net.InetAddress;
import java.nio.file.Path;

/**
 * Where hosts are recorded. Immutable.
 *
 * @param shared by the nodes that an address moves between
 * @param own of this node: every node has the loopback addresses, and would take the others' hosts for its own
 */
public record StateDirectories(Path shared, Path own) {

    Path of(InetAddress service) {
        return service.isLoopbackAddress() ? own : shared;
    }
}
