package io.mooring.vfs.local;

import io.mooring.vfs.FileId;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Remembers under which name objects were last seen, and which are gone. Bounded: what was not asked for longest is
 * forgotten first. Only hints: whoever uses them verifies what they find. Thread-safe.
 */
final class NameIndex {
    private static final int MAX_GONE = 65_536;
    private static final long FOREVER = Long.MAX_VALUE;

    private final FileId root;
    private final LongSupplier nanoTime;
    private final Map<FileId, Place> places;
    private final Map<FileId, Long> gone;

    /** A name in a directory. Immutable. */
    private record Place(FileId directory, byte[] name) {}

    NameIndex(FileId root, int maxEntries, LongSupplier nanoTime) {
        this.root = root;
        this.nanoTime = nanoTime;
        this.places = new Bounded<>(maxEntries);
        this.gone = new Bounded<>(MAX_GONE);
    }

    private static final class Bounded<V> extends LinkedHashMap<FileId, V> {
        private static final long serialVersionUID = 1L;
        private final int max;

        Bounded(int max) {
            super(16, 0.75f, true);
            this.max = max;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<FileId, V> eldest) {
            return size() > max;
        }
    }

    synchronized void put(FileId id, FileId directory, byte[] name) {
        places.put(id, new Place(directory, name));
        gone.remove(id);
    }

    synchronized void remove(FileId id, FileId directory, byte[] name) {
        Place place = places.get(id);
        if (place != null && place.directory.equals(directory) && Arrays.equals(place.name, name)) {
            places.remove(id);
        }
    }

    /** The object will never be there again. */
    synchronized void setGone(FileId id) {
        places.remove(id);
        gone.put(id, FOREVER);
    }

    /** The object was not found. It may come back, or have been moved while it was looked for. */
    synchronized void setMissing(FileId id, long nanos) {
        gone.put(id, nanoTime.getAsLong() + nanos);
    }

    synchronized boolean isGone(FileId id) {
        Long until = gone.get(id);
        return until != null && (until == FOREVER || until - nanoTime.getAsLong() > 0);
    }

    /** The names that lead from the root to the object, or null where they are not known. */
    synchronized Deque<byte[]> path(FileId id) {
        Deque<byte[]> names = new ArrayDeque<>();
        FileId at = id;
        while (!at.equals(root)) {
            Place place = places.get(at);
            // Hints may be old and, after renames, even form a circle.
            if (place == null || names.size() > places.size()) {
                return null;
            }
            names.addFirst(place.name);
            at = place.directory;
        }
        return names;
    }
}
