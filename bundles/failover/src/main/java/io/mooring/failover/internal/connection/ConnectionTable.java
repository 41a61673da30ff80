package io.mooring.failover.internal.connection;

import io.mooring.failover.internal.connection.Connection.Party;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
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
 * is told, and the next node needs to know them. A connection is back when there is one of the same two addresses and ports: a
 * client may have several, and several clients may share an address. Thread-safe by its monitor.
 */
public final class ConnectionTable {
    /** Longer than an address's removal takes to be heard by all that listen for it. */
    private static final long SETTLED = Duration.ofSeconds(1).toNanos();

    /** Longer than a client sends for a connection to which nobody answers (Linux: 180 s, by the default options). */
    private static final long GIVEN_UP = Duration.ofMinutes(10).toNanos();

    private final int limit;
    private final Set<Connection> open = new LinkedHashSet<>();
    /** What each client has of them. */
    private final Map<Party, Presence> parties = new HashMap<>();
    /** Of the time before the service or the address came, not back yet; since when. */
    private final Map<Connection, Long> earlier = new LinkedHashMap<>();
    /** Just now, and not recorded yet; since when. */
    private final Map<Connection, Long> ended = new LinkedHashMap<>();

    private final Set<InetAddress> absent = new HashSet<>();
    /** Null while nothing is to be recorded. */
    private Recorder recorder;

    private record Presence(int connections, long since) {}

    /**
     * Empty.
     *
     * @param limit connections that are recorded, of either time, and of those that ended just now
     */
    public ConnectionTable(int limit) {
        this.limit = limit;
    }

    public synchronized void connected(Connection connection, long now) {
        boolean recorded = ended.remove(connection) != null;
        recorded |= earlier.remove(connection) != null;
        if (open.size() >= limit) {
            if (recorded) {
                record(false, connection);
            }
            return;
        }
        if (!open.add(connection)) {
            return;
        }
        parties.compute(
                connection.party(),
                (party, was) -> was == null ? new Presence(1, now) : new Presence(was.connections() + 1, was.since()));
        record(true, connection);
    }

    public synchronized void disconnected(Connection connection, long now) {
        if (!open.remove(connection)) {
            return;
        }
        parties.computeIfPresent(
                connection.party(),
                (party, was) -> was.connections() == 1 ? null : new Presence(was.connections() - 1, was.since()));
        if (recorder != null) {
            Map<Connection, Long> past = absent.contains(connection.local().getAddress()) ? earlier : ended;
            past.put(connection, now);
            trim(past);
        }
    }

    /** Strikes out the oldest of too many. */
    private void trim(Map<Connection, Long> past) {
        Iterator<Connection> oldest = past.keySet().iterator();
        for (int tooMany = past.size() - limit; tooMany > 0; tooMany--) {
            record(false, oldest.next());
            oldest.remove();
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
        for (Iterator<Map.Entry<Connection, Long>> i = ended.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<Connection, Long> gone = i.next();
            if (gone.getKey().local().getAddress().equals(local)) {
                earlier.put(gone.getKey(), gone.getValue());
                i.remove();
            }
        }
        trim(earlier);
    }

    /** Records what ended a while ago; to be called now and then. */
    public synchronized void settle(long now) {
        strikeOut(ended, now, SETTLED);
        // Whoever was cut off for so long connects anew by itself.
        strikeOut(earlier, now, GIVEN_UP);
    }

    private void strikeOut(Map<Connection, Long> past, long now, long age) {
        for (Iterator<Map.Entry<Connection, Long>> i = past.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<Connection, Long> oldest = i.next();
            if (now - oldest.getValue() < age) {
                return;
            }
            record(false, oldest.getKey());
            i.remove();
        }
    }

    /**
     * Records from now on: those that are open, and what comes.
     *
     * @param before those that the node had that served before, the oldest first. The journal does not say since when: each take counts
     *     anew, and where a service moves all the time the oldest go when there are too many
     */
    public synchronized void record(Collection<Connection> before, Recorder to, long now) {
        recorder = to;
        ended.clear();
        earlier.clear();
        before.stream()
                .skip(Math.max(0, before.size() - limit))
                .filter(connection -> !open.contains(connection))
                .forEach(connection -> earlier.put(connection, now));
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

    /** Those of an earlier time with this address of ours, of which clients are to be told. */
    public synchronized List<Connection> earlier(InetAddress local) {
        return earlier.keySet().stream()
                .filter(connection -> connection.local().getAddress().equals(local))
                .toList();
    }

    /** Whether its client need not be told of it any more. */
    public synchronized boolean isBack(Connection connection) {
        return !earlier.containsKey(connection);
    }

    /** Since when the client has been connected, by whichever connection; null where it is not. */
    public synchronized Long backSince(Party party) {
        Presence presence = parties.get(party);
        return presence == null ? null : presence.since();
    }

    /** All as records: the journal's content. */
    public synchronized List<byte[]> snapshot() {
        return Stream.of(earlier.keySet().stream(), open.stream(), ended.keySet().stream())
                .flatMap(connections -> connections)
                .map(connection -> new ConnectionRecord(true, connection).encode())
                .toList();
    }

    public synchronized int size() {
        return open.size();
    }
}
