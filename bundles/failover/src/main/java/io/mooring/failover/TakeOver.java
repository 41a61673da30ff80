package io.mooring.failover;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How a node took a service. Immutable.
 *
 * @param seen when the address was seen, or it was told to take the service
 * @param phases what was done, in order
 * @param clients those that were connected to the node before
 */
public record TakeOver(Instant seen, List<Phase> phases, List<ClientBack> clients) {

    public TakeOver {
        phases = List.copyOf(phases);
        clients = List.copyOf(clients);
    }

    /**
     * Something that was done.
     *
     * @param at since the take-over began
     */
    public record Phase(String name, Duration at) {}

    /**
     * A client.
     *
     * @param server the RPC server that it was connected to
     * @param back since the address was seen, until it was connected again; null: it is not yet
     */
    public record ClientBack(InetAddress address, String server, Duration back) {}
}
