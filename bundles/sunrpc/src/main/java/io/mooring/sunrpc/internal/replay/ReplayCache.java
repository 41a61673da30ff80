package io.mooring.sunrpc.internal.replay;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The duplicate-request cache: a call that came before gets its first reply, and is not executed again. Bounded by
 * entries and bytes; the longest unused goes first. Calls under way are never dropped from it; the limit on calls in
 * flight bounds them. Thread-safe.
 *
 * @param <W> who waits for the reply of a call that is under way: the client reconnected and asks again on the new
 *     connection, where it would otherwise wait for its time-out of a minute
 */
public final class ReplayCache<W> {

    /** What is known of a call. */
    public enum Outcome {
        /** Nothing: execute it, then {@link #complete} or {@link #abandon}. */
        EXECUTE,
        /** It is under way; the asker waits for its reply. */
        UNDER_WAY,
        /** It was answered. */
        REPLY
    }

    /**
     * The answer to {@link #begin}.
     *
     * @param reply the first reply, with {@link Outcome#REPLY}
     * @param displaced who need not wait any more, with {@link Outcome#UNDER_WAY}: the one who waited before the asker,
     *     or the asker, where the reply comes its way anyhow; null where nobody does
     */
    public record Found<W>(Outcome outcome, byte[] reply, W displaced) {}

    /** More calls that must not be done twice than any client has under way at a time: each of its threads waits for one. */
    static final int KEPT_OF_CLIENT = 1024;

    /** Rough cost of an entry beside its reply. */
    private static final long ENTRY_BYTES = 200L;

    private static final class Entry<W> {
        final Object path;
        /** Null until it is known. */
        byte[] reply;

        boolean kept;
        /** What is kept is no reply, but what was noted of the call. */
        boolean note;

        W waiter;

        Entry(Object path) {
            this.path = path;
        }

        void tell(ReplayKey key, KeptReader reader) {
            reader.read(key, reply, note);
        }
    }

    private final int maxEntries;
    private final long maxBytes;
    private final Map<ReplayKey, Entry<W>> underWay = new HashMap<>();
    private final LinkedHashMap<ReplayKey, Entry<W>> answered = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    public ReplayCache(int maxEntries, long maxBytes) {
        this.maxEntries = maxEntries;
        this.maxBytes = maxBytes;
    }

    /**
     * Looks a call up and, where it is new, notes that it is under way.
     *
     * @param path equal for those whose replies go the same way
     */
    public synchronized Found<W> begin(ReplayKey key, W asker, Object path) {
        Entry<W> entry = answered.get(key);
        if (entry != null) {
            return new Found<>(Outcome.REPLY, entry.reply, null);
        }
        entry = underWay.get(key);
        if (entry != null && entry.path.equals(path)) {
            return new Found<>(Outcome.UNDER_WAY, null, asker);
        }
        if (entry != null) {
            W displaced = entry.waiter;
            entry.waiter = asker;
            return new Found<>(Outcome.UNDER_WAY, null, displaced);
        }
        underWay.put(key, new Entry<>(path));
        return new Found<>(Outcome.EXECUTE, null, null);
    }

    /** Keeps a call's reply, not to be changed any more; returns who waits for it, or null. */
    public synchronized W complete(ReplayKey key, byte[] reply) {
        Entry<W> entry = underWay.remove(key);
        answer(key, reply, entry != null && entry.kept);
        return entry == null ? null : entry.waiter;
    }

    /** The call was not executed; the next one like it is new. Returns who waits for it, or null. */
    public synchronized W abandon(ReplayKey key) {
        Entry<W> entry = underWay.remove(key);
        return entry == null ? null : entry.waiter;
    }

    /**
     * The call under way has this reply, or note, which is about to be kept elsewhere, too: {@link #forEachKept} gives it from now
     * on, and nobody else gets it before {@link #complete}.
     */
    public synchronized void keeping(ReplayKey key, byte[] reply, boolean note) {
        Entry<W> entry = underWay.get(key);
        if (entry != null) {
            entry.reply = reply;
            entry.note = note;
            entry.kept = true;
        }
    }

    /** Keeps a reply that was given earlier, perhaps by another process; it counts as kept elsewhere. */
    public synchronized void restore(ReplayKey key, byte[] reply) {
        answer(key, reply, true);
    }

    private void answer(ReplayKey key, byte[] reply, boolean kept) {
        Entry<W> entry = new Entry<>(null);
        entry.reply = reply;
        entry.kept = kept;
        Entry<W> old = answered.put(key, entry);
        bytes += cost(entry) - (old == null ? 0 : cost(old));
        Iterator<Entry<W>> eldest = answered.values().iterator();
        while ((answered.size() > maxEntries || bytes > maxBytes) && eldest.hasNext()) {
            bytes -= cost(eldest.next());
            eldest.remove();
        }
    }

    /** Reads what is kept elsewhere, too. */
    @FunctionalInterface
    public interface KeptReader {
        void read(ReplayKey key, byte[] reply, boolean note);
    }

    /**
     * Gives the replies and notes that are kept elsewhere, too, those first that were used longest ago. Of each client only the
     * latest {@value #KEPT_OF_CLIENT}, and those of calls under way: what it gives is read whenever an address moves, while all
     * clients wait.
     */
    public synchronized void forEachKept(KeptReader reader) {
        latestKept().forEach(kept -> kept.getValue().tell(kept.getKey(), reader));
        underWay.forEach((key, entry) -> {
            if (entry.kept) {
                entry.tell(key, reader);
            }
        });
    }

    private Deque<Map.Entry<ReplayKey, Entry<W>>> latestKept() {
        List<Map.Entry<ReplayKey, Entry<W>>> all = new ArrayList<>(answered.entrySet());
        Deque<Map.Entry<ReplayKey, Entry<W>>> latest = new ArrayDeque<>();
        Map<InetAddress, Integer> counts = new HashMap<>();
        for (int i = all.size() - 1; i >= 0; i--) {
            Map.Entry<ReplayKey, Entry<W>> one = all.get(i);
            if (one.getValue().kept && counts.merge(one.getKey().client(), 1, Integer::sum) <= KEPT_OF_CLIENT) {
                latest.addFirst(one);
            }
        }
        return latest;
    }

    /** Forgets all replies, but not the calls under way. */
    public synchronized void forget() {
        answered.clear();
        bytes = 0;
    }

    /** Replies in memory. */
    public synchronized int size() {
        return answered.size();
    }

    private static long cost(Entry<?> entry) {
        return ENTRY_BYTES + entry.reply.length;
    }
}
