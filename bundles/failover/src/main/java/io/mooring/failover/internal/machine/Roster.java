package io.mooring.failover.internal.machine;

import io.mooring.sunrpc.RpcServer;
import io.mooring.vfs.service.ServiceParticipant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The servers that are there, and those that take part in services. Thread-safe by its monitor. */
public final class Roster {
    private final List<ServiceParticipant> participants = new ArrayList<>();
    private final List<RpcServer> servers = new ArrayList<>();
    /** Also of those that are away: their calls are held as soon as they are back. */
    private final Set<String> names = new HashSet<>();

    /** Who is there now; immutable. */
    record Present(List<ServiceParticipant> participants, List<RpcServer> servers) {
        static final Present NOBODY = new Present(List.of(), List.of());
    }

    public synchronized void add(ServiceParticipant participant) {
        participants.add(participant);
        names.add(participant.name());
    }

    public synchronized void remove(ServiceParticipant participant) {
        participants.remove(participant);
    }

    public synchronized void add(RpcServer server) {
        servers.add(server);
    }

    public synchronized void remove(RpcServer server) {
        servers.remove(server);
    }

    /** In the order in which they take a service. */
    synchronized Present present() {
        return new Present(
                participants.stream()
                        .sorted(Comparator.comparingInt(ServiceParticipant::order)
                                .thenComparing(ServiceParticipant::name))
                        .toList(),
                servers.stream().filter(server -> names.contains(server.name())).toList());
    }
}
