package io.mooring.failover.internal.machine;

import io.mooring.failover.internal.machine.Doors.Door;
import io.mooring.failover.internal.machine.Roster.Present;
import io.mooring.sunrpc.RpcServer;
import io.mooring.vfs.service.ServiceDeclaration;
import io.mooring.vfs.service.ServiceParticipant;
import io.mooring.vfs.service.ServiceParticipant.Mooring;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The participants of one service. Owned by the machine's thread. */
final class Crew {
    private static final Logger LOG = LoggerFactory.getLogger(Crew.class);

    private final ServiceDeclaration service;
    private final Gate gate;
    private final Doors doors;
    private final List<Member> members = new ArrayList<>();
    private Present present = Present.NOBODY;

    private record Member(ServiceParticipant participant, Mooring mooring) {}

    /** Takes the service by one participant. */
    @FunctionalInterface
    interface Taker {
        void take(String participant, Mooring mooring) throws IOException;
    }

    Crew(ServiceDeclaration service, Gate gate, Doors doors) {
        this.service = service;
        this.gate = gate;
        this.doors = doors;
    }

    boolean is(Present now) {
        return present.equals(now);
    }

    /** Whether the one is there on which the others stand: locks without exports find no file, and say that it is gone. */
    boolean isFounded() {
        return members.stream().anyMatch(member -> member.participant().order() == ServiceParticipant.FIRST);
    }

    /**
     * Takes on those that came, and parts with those that went; the service is not taken.
     *
     * @throws IllegalArgumentException where one cannot serve it as it is declared; nobody is left then
     */
    void become(Present next) {
        try {
            present.servers().stream()
                    .filter(server -> !next.servers().contains(server))
                    .forEach(doors::remove);
            next.servers().stream()
                    .filter(server -> !present.servers().contains(server))
                    .forEach(this::moor);
            for (Member member : List.copyOf(members)) {
                if (!next.participants().contains(member.participant())) {
                    members.remove(member);
                    part(member);
                }
            }
            for (ServiceParticipant participant : next.participants()) {
                if (members.stream().noneMatch(member -> member.participant() == participant)) {
                    members.add(new Member(participant, participant.moor(service)));
                }
            }
            members.sort(Comparator.comparingInt(member -> next.participants().indexOf(member.participant())));
            present = next;
        } catch (IllegalArgumentException | IllegalStateException e) {
            close();
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private void moor(RpcServer server) {
        for (InetAddress address : service.addresses()) {
            doors.add(new Door(server, address, server.moor(address, gate.keeper(server.name(), address))));
        }
    }

    private void part(Member member) {
        try {
            member.mooring().close();
        } catch (RuntimeException e) {
            LOG.error("failover: {}: {} did not let go", service.name(), name(member), e);
        }
    }

    /**
     * Takes the service by all, in their order, or by none.
     *
     * @throws IOException by the first that could not
     */
    void take(Taker taker) throws IOException {
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            try {
                taker.take(member.participant().name(), member.mooring());
            } catch (IOException | RuntimeException | LinkageError e) {
                // Also the one that failed: it may have come half way.
                release(members.subList(0, i + 1));
                throw new IOException(name(member) + ": " + e.getMessage(), e);
            }
        }
    }

    /** Brings what was written to stable storage, as far as each can. */
    void sync() throws IOException {
        for (Member member : members) {
            member.mooring().sync();
        }
    }

    /** In the opposite order. */
    void release() {
        release(members);
    }

    private void release(List<Member> those) {
        for (int i = those.size() - 1; i >= 0; i--) {
            try {
                those.get(i).mooring().release();
            } catch (RuntimeException | LinkageError e) {
                LOG.error("failover: {}: {} was not released well", service.name(), name(those.get(i)), e);
            }
        }
    }

    private static String name(Member member) {
        return member.participant().name();
    }

    /** Parts with everybody. */
    void close() {
        for (int i = members.size() - 1; i >= 0; i--) {
            part(members.get(i));
        }
        members.clear();
        doors.remove(null);
        present = Present.NOBODY;
    }
}
