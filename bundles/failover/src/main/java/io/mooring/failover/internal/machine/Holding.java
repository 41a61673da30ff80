package io.mooring.failover.internal.machine;

import io.mooring.failover.internal.connection.Connection;
import io.mooring.failover.internal.connection.ConnectionRecord;
import io.mooring.failover.internal.connection.ConnectionTable;
import io.mooring.failover.internal.machine.Doors.Door;
import io.mooring.sunrpc.KeptReply;
import io.mooring.vfs.service.ServiceParticipant.Mooring;
import io.mooring.vfs.service.ServiceState;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service's state while this node holds it, and what was found in its journal. Owned by the machine's thread; the journal's
 * thread asks for snapshots.
 */
final class Holding {
    private static final Logger LOG = LoggerFactory.getLogger(Holding.class);

    private final HeldState state;
    private final Completeness completeness;
    private final HeldState.Stream replyStream;
    private final HeldState.Stream connectionStream;
    private final Map<String, RepeatableJournal> journals = new HashMap<>();
    private final Set<String> takers = new LinkedHashSet<>();
    private final Set<Connection> connections = new LinkedHashSet<>();
    /** By their calls, those first that came first. */
    private final Map<ReplyRecord, ReplyRecord> replies = new LinkedHashMap<>();

    private volatile boolean closed;

    /**
     * Reads failover's own parts of the journal.
     *
     * @param failed told once, on any thread, where the journal cannot be written any more
     */
    Holding(HeldState state, Consumer<String> failed) {
        this.state = state;
        state.onFailure(e -> {
            if (!closed) {
                failed.accept("the journal cannot be written: " + e.getMessage());
            }
        });
        this.completeness = new Completeness(state.stream("completeness"), state.complete());
        this.replyStream = state.stream("replies");
        this.connectionStream = state.stream("connections");
        connectionStream.replay(this::readConnection);
        replyStream.replay(this::readReply);
    }

    private void readConnection(byte[] bytes) {
        try {
            ConnectionRecord record = ConnectionRecord.decode(bytes);
            // Again, so that the order is that of the latest ones.
            connections.remove(record.connection());
            if (record.connected()) {
                connections.add(record.connection());
            }
        } catch (IOException e) {
            LOG.warn("failover: a record of a connection is left out: {}", e.toString());
        }
    }

    private void readReply(byte[] bytes) {
        try {
            ReplyRecord record = ReplyRecord.decode(bytes);
            // Again, so that the order is that of the latest ones.
            ReplyRecord call = record.call();
            replies.remove(call);
            replies.put(call, record);
        } catch (IOException e) {
            LOG.warn("failover: a record of a reply is left out: {}", e.toString());
        }
    }

    HeldState state() {
        return state;
    }

    HeldState.Stream replyStream() {
        return replyStream;
    }

    /** Whoever took it in an attempt before has released it. */
    void beginAttempt() {
        takers.clear();
    }

    /** Gives a participant what is its own. */
    void give(String participant, Mooring mooring) throws IOException {
        RepeatableJournal journal =
                journals.computeIfAbsent(participant, name -> new RepeatableJournal(state.journal(name)));
        mooring.take(new ServiceState(state.directory(), journal, completeness.isCompleteFor(participant)));
        takers.add(participant);
    }

    /**
     * From now on who connects is in the journal, beside those who were before.
     *
     * @return those who were before; some may be back already
     */
    List<Connection> recordConnections(ConnectionTable table, long now) {
        List<Connection> before = List.copyOf(connections);
        table.record(before, connectionStream::append, now);
        connectionStream.snapshotBy(table::snapshot);
        connections.clear();
        return before;
    }

    /**
     * All have taken it: puts replies back, and records what comes. What was found out about notes is on stable storage when this
     * returns, also where less is enough for locks; it waits for that where there were any.
     *
     * @return how many replies there were
     * @throws IOException where the journal cannot be written
     */
    int begin(Doors doors) throws IOException {
        takers.forEach(participant -> journals.get(participant).taken());
        completeness.told(takers);
        state.markComplete();
        List<ReplyRecord> homeless = new ArrayList<>();
        int restored = restore(doors.all(), homeless);
        if (replies.values().stream().anyMatch(reply -> reply.kept().note())) {
            awaitVerdicts();
        }
        replies.clear();
        replyStream.snapshotBy(() -> snapshot(doors.all(), homeless));
        return restored;
    }

    /** Gives back those whose server is here now, and has taken what they are about; returns how many. */
    private int restore(List<Door> doors, List<ReplyRecord> homeless) {
        record Place(String server, InetAddress address) {}
        Map<Place, Door> places = new HashMap<>();
        for (Door door : doors) {
            // What was answered with "try later" meanwhile is no reply to keep.
            door.moored().forget();
            places.put(new Place(door.server().name(), door.address()), door);
        }
        int restored = 0;
        for (ReplyRecord reply : replies.values()) {
            Door door = places.get(new Place(reply.server(), reply.local()));
            if (door == null || !takers.contains(reply.server())) {
                homeless.add(reply);
            } else if (restore(door, reply)) {
                restored++;
            }
        }
        return restored;
    }

    /** What became of a call can be told only now, before others change anything: a later crash must not ask again. */
    private boolean restore(Door door, ReplyRecord found) {
        KeptReply known = door.moored().restore(found.kept());
        if (found.kept().note()) {
            replyStream.append(found.with(known).encode());
        }
        return !known.note();
    }

    /** Others may change what was looked at as soon as they are let in, and the power may fail then. */
    private void awaitVerdicts() throws IOException {
        try {
            state.flush();
        } catch (IOException e) {
            throw new IOException("the journal cannot be written: " + e.getMessage(), e);
        }
    }

    private static List<byte[]> snapshot(List<Door> doors, List<ReplyRecord> homeless) {
        Stream<ReplyRecord> kept = doors.stream()
                .flatMap(door -> door.moored().kept().stream()
                        .map(reply -> new ReplyRecord(door.server().name(), door.address(), reply)));
        return Stream.concat(homeless.stream(), kept).map(ReplyRecord::encode).toList();
    }

    /** Lets the owner lock go, last of all. */
    void close() {
        closed = true;
        state.close();
    }
}
