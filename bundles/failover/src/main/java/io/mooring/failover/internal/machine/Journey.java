package io.mooring.failover.internal.machine;

import io.mooring.failover.TakeOver;
import io.mooring.failover.TakeOver.ClientBack;
import io.mooring.failover.TakeOver.Phase;
import io.mooring.failover.internal.connection.Connection;
import io.mooring.failover.internal.connection.Connection.Party;
import io.mooring.failover.internal.connection.ConnectionTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How a take-over goes, by its phases. Thread-safe by its monitor. */
final class Journey {
    private final Instant start;
    private final long begun;
    /** When clients could begin to come back. */
    private long addressSeen;

    private final List<Phase> phases = new ArrayList<>();
    private final Map<Party, Duration> clients = new LinkedHashMap<>();

    /**
     * Begins.
     *
     * @param now the time of day
     * @param nanoNow by {@link System#nanoTime}
     * @param begun when the address was seen, or the command was given, likewise
     */
    Journey(Instant now, long nanoNow, long begun) {
        this.begun = begun;
        this.addressSeen = begun;
        this.start = now.minusNanos(nanoNow - begun);
    }

    /** A phase ends; one of the name before is forgotten: it was in vain. */
    synchronized void done(String phase, long now) {
        phases.removeIf(before -> before.name().equals(phase));
        phases.add(new Phase(phase, Duration.ofNanos(now - begun)));
    }

    /** These were connected, and are expected to come back. */
    synchronized void expect(Collection<Connection> connections, long seen) {
        // Later, where it was taken by command before the address came.
        addressSeen = seen - begun > 0 ? seen : begun;
        for (Connection connection : connections) {
            if (!clients.containsKey(connection.party())) {
                clients.put(connection.party(), null);
            }
        }
    }

    /** Looks who is back. */
    synchronized void look(ConnectionTable connections) {
        clients.replaceAll((party, back) -> {
            Long since = back == null ? connections.backSince(party) : null;
            return since == null ? back : Duration.ofNanos(Math.max(0, since - addressSeen));
        });
    }

    synchronized boolean isComplete() {
        return !clients.containsValue(null);
    }

    synchronized TakeOver toTakeOver() {
        return new TakeOver(
                start,
                phases,
                clients.entrySet().stream()
                        .map(e -> new ClientBack(e.getKey().client(), e.getKey().server(), e.getValue()))
                        .toList());
    }

    @Override
    public synchronized String toString() {
        return phases.stream()
                .map(phase -> String.format(
                        Locale.ROOT, "%s %.1f", phase.name(), phase.at().toNanos() / 1e6))
                .collect(Collectors.joining(", ", "", " ms"));
    }
}
