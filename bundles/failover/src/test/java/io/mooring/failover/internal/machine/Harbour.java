package io.mooring.failover.internal.machine;

import io.mooring.failover.internal.ManualTurns;
import io.mooring.failover.internal.ServiceSettings;
import io.mooring.failover.internal.ServiceSettings.Moving;
import io.mooring.failover.internal.ServiceSettings.State;
import io.mooring.failover.internal.ServiceSettings.Tickles;
import io.mooring.failover.internal.connection.Announcements;
import io.mooring.failover.internal.connection.Connection;
import io.mooring.failover.internal.machine.FakeState.FakeStream;
import io.mooring.posix.testing.Ip;
import io.mooring.sunrpc.KeptReply;
import io.mooring.vfs.service.ServiceDeclaration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A machine with everything around it: nothing happens but what the test does. Used by one thread. */
final class Harbour {
    static final InetAddress ADDRESS = Ip.of("192.0.2.50");
    static final InetAddress OTHER_ADDRESS = Ip.of("2001:db8::50");
    static final InetSocketAddress CLIENT = new InetSocketAddress(Ip.of("192.0.2.7"), 700);
    static final InetSocketAddress LOCAL = new InetSocketAddress(ADDRESS, 2049);
    static final Duration POLL = Duration.ofMillis(200);

    final List<String> events = new ArrayList<>();
    final ManualTurns turns = new ManualTurns();
    final Roster roster = new Roster();
    final FakeParticipant nfsd = new FakeParticipant("nfsd", 0, events);
    final FakeParticipant lockd = new FakeParticipant("lockd", 1, events);
    final FakeServer nfsServer = new FakeServer("nfsd", events);
    final FakeServer lockServer = new FakeServer("lockd", events);
    final Map<String, FakeStream> streams = FakeState.noStreams();
    final List<Connection> tickled = new ArrayList<>();
    final List<InetAddress> announced = new ArrayList<>();
    /** Why the state is not to be had; null: it is. */
    StateUnavailable unavailable;

    /** Where it is had from. */
    StateSource states = this::takeFake;

    boolean forced;
    boolean complete = true;
    /** Why nothing comes to stable storage; null: it does. */
    IOException unstable;

    FakeState state;
    ServiceMachine machine;

    Harbour() {
        roster.add(lockServer);
        roster.add(nfsServer);
        roster.add(lockd);
        roster.add(nfsd);
        machine = machine(true);
    }

    static ServiceSettings settings(boolean automatically) {
        ServiceDeclaration declaration = new ServiceDeclaration(
                "data", List.of(ADDRESS, OTHER_ADDRESS), List.of("/srv *(rw)"), "test", Path.of("/state"));
        return new ServiceSettings(
                "io.mooring.service~data",
                declaration,
                new State(1 << 20, true, true, Duration.ofSeconds(10)),
                new Moving(automatically, Duration.ofSeconds(30), true, new Tickles(true, 100, 1000)));
    }

    ServiceMachine machine(boolean automatically) {
        Announcements announcements = new Announcements(turns, announced::add);
        Surroundings around = new Surroundings(
                "here",
                roster,
                (settings, force) -> states.take(settings, force),
                turns,
                turns,
                new Surroundings.Outside(turns, tickled::add, announcements),
                Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
        return new ServiceMachine(settings(automatically), around);
    }

    private HeldState takeFake(ServiceSettings settings, boolean force) throws StateUnavailable {
        forced = force;
        if (unavailable != null) {
            throw unavailable;
        }
        events.add("own");
        state = new FakeState(streams, events);
        state.complete = complete;
        state.unstable = unstable;
        return state;
    }

    /** Starts without an address. */
    Harbour start() {
        machine.start(List.of());
        turns.run();
        return this;
    }

    /** Starts, and serves. */
    Harbour serving() {
        start();
        arrive();
        return this;
    }

    void arrive() {
        machine.addressAdded(ADDRESS);
        turns.run();
    }

    void leave() {
        machine.addressRemoved(ADDRESS);
        turns.run();
    }

    /** The server closes the client's connection, since the address is gone: the next node must know of it. */
    void leaveWithClient() {
        machine.addressRemoved(ADDRESS);
        nfs().keeper.disconnected(CLIENT, LOCAL);
        turns.run();
    }

    void pass(Duration time) {
        turns.pass(time);
    }

    FakeServer.FakeAddress nfs() {
        return nfsServer.address(ADDRESS);
    }

    /** What happened since this was asked last. */
    List<String> news() {
        List<String> news = List.copyOf(events);
        events.clear();
        return news;
    }

    static KeptReply reply(int xid) {
        return new KeptReply(CLIENT.getAddress(), xid, 100003, 3, 12, 100, 5, false, new byte[] {1, 2, 3});
    }
}
