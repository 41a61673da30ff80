package io.mooring.failover.internal.connection;

import io.mooring.failover.internal.connection.Connection.Party;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who is connected to a service now, who was before it came here, and the record of both. That a connection ended is recorded a
 * moment later, and not at all where its address is gone: when an address goes, the servers may close theirs before this table
 * is told, and the next node needs to know them. Thread-safe by its monitor.
 */
public final class ConnectionTable {
    /** Longer than an address's removal takes to be heard by all that listen for it. */
    private static final long SETTLED = Duration.ofSeconds(1).toNanos();

    private final int limit;
    private final Set<Connection> open = new LinkedHashSet<>();
    /** What each client has of them. */
    private final Map<Party, Presence> parties = new HashMap<>();
    /** Of the time before the service or the address came, and of clients that have not come back. */
    private final Map<Party, Set<Connection>> earlier = new LinkedHashMap<>();

    private final Deque<Ended> ended = new ArrayDeque<>();
    private final Set<InetAddress> absent = new HashSet<>();
    /** Null while nothing is to be recorded. */
    private Recorder recorder;

    private record Ended(Connection connection, long at) {}

    private record Presence(int connections, long since) {}

    /**
     * Empty.
     *
     * @param limit connections that are recorded, of either time
     */
    public ConnectionTable(int limit) {
        this.limit = limit;
    }

    public synchronized void connected(Connection connection, long now) {
        ended.removeIf(gone -> gone.connection().equals(connection));
        if (open.size() >= limit || !open.add(connection)) {
            return;
        }
        parties.compute(
                connection.party(),
                (party, was) -> was == null ? new Presence(1, now) : new Presence(was.connections() + 1, was.since()));
        forgetEarlier(connection.party());
        record(true, connection);
    }

    /** The client is back: what it had is of no use any more. */
    private void forgetEarlier(Party party) {
        Set<Connection> forgotten = earlier.remove(party);
        if (forgotten != null) {
            forgotten.forEach(connection -> record(false, connection));
        }
    }

    public synchronized void disconnected(Connection connection, long now) {
        if (!open.remove(connection)) {
            return;
        }
        parties.computeIfPresent(
                connection.party(),
                (party, was) -> was.connections() == 1 ? null : new Presence(was.connections() - 1, was.since()));
        if (recorder != null) {
            ended.add(new Ended(connection, now));
            if (absent.contains(connection.local().getAddress())) {
                moveToEarlier(connection.local().getAddress());
            }
        }
    }

    /** What ends from now on, or ended just now, with this address of ours did so because it is gone. */
    public synchronized void addressGone(InetAddress local) {
        absent.add(local);
        moveToEarlier(local);
    }

    public synchronized void addressHere(InetAddress local) {
        absent.remove(local);
    }

    private void moveToEarlier(InetAddress local) {
        for (Iterator<Ended> i = ended.iterator(); i.hasNext(); ) {
            Connection connection = i.next().connection();
            if (connection.local().getAddress().equals(local)) {
                i.remove();
                addEarlier(connection);
            }
        }
    }

    private void addEarlier(Connection connection) {
        if (!open.contains(connection)) {
            earlier.computeIfAbsent(connection.party(), party -> new LinkedHashSet<>())
                    .add(connection);
        }
    }

    /** Records what ended a while ago; to be called now and then. */
    public synchronized void settle(long now) {
        while (!ended.isEmpty() && now - ended.peek().at() >= SETTLED) {
            record(false, ended.poll().connection());
        }
    }

    /**
     * Records from now on: those that are open, and what comes.
     *
     * @param before those that the node had that served before
     */
    public synchronized void record(Collection<Connection> before, Recorder to) {
        recorder = to;
        ended.clear();
        earlier.clear();
        before.stream()
                .skip(Math.max(0, before.size() - limit))
                .filter(connection -> !parties.containsKey(connection.party()))
                .forEach(this::addEarlier);
        before.stream()
                .filter(connection -> parties.containsKey(connection.party()) && !open.contains(connection))
                .forEach(connection -> record(false, connection));
        open.forEach(connection -> record(true, connection));
    }

    /** Nothing more is recorded: what ends now ends because the service goes. */
    public synchronized void stopRecording() {
        recorder = null;
        ended.clear();
    }

    private void record(boolean connected, Connection connection) {
        if (recorder != null) {
            recorder.append(new ConnectionRecord(connected, connection).encode());
        }
    }

    /** Those of an earlier time with this address of ours, whose clients are to be told. */
    public synchronized List<Connection> earlier(InetAddress local) {
        return earlier.values().stream()
                .flatMap(Set::stream)
                .filter(connection -> connection.local().getAddress().equals(local))
                .toList();
    }

    public synchronized boolean isBack(Party party) {
        return parties.containsKey(party);
    }

    /** Since when the client has been connected; null where it is not. */
    public synchronized Long backSince(Party party) {
        Presence presence = parties.get(party);
        return presence == null ? null : presence.since();
    }

    /** All as records: the journal's content. */
    public synchronized List<byte[]> snapshot() {
        return Stream.of(
                        earlier.values().stream().flatMap(Set::stream),
                        open.stream(),
                        ended.stream().map(Ended::connection))
                .flatMap(connections -> connections)
                .map(connection -> new ConnectionRecord(true, connection).encode())
                .toList();
    }

    public synchronized int size() {
        return open.size();
    }
}
