package io.mooring.lockd.internal.table;

import io.mooring.lockd.internal.table.UnionPart.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** The locks, waiters and shares of one file. Guarded by the table's monitor. */
final class LockedFile {
    final FileKey key;
    final Shares shares = new Shares();
    final NavigableMap<Long, Waiter> waiters = new TreeMap<>();
    /** Locks that were waited for, and that their clients may not know of. */
    final Map<LockRequest, Unconfirmed> unconfirmed = new HashMap<>(2);

    /** How many waiters each host has. */
    private final Map<Host, Integer> waiting = new HashMap<>(2);

    private final LongSupplier orders;
    /** Those of different owners never overlap. */
    private final IntervalTree exclusives = new IntervalTree();

    private final IntervalTree shareds = new IntervalTree();
    /** Each owner's own, by start; they never overlap, and what could be one is one. */
    private final Map<Owner, NavigableMap<Long, Segment>> owned = new HashMap<>();

    LockedFile(FileKey key, LongSupplier orders) {
        this.key = key;
        this.orders = orders;
    }

    /** Adds a waiter, or changes the one at its place. */
    void waits(Waiter waiter) {
        if (waiters.put(waiter.order(), waiter) == null) {
            waiting.merge(waiter.request().owner().host(), 1, Integer::sum);
        }
    }

    void waitsNoMore(Waiter waiter) {
        waiters.remove(waiter.order());
        waiting.computeIfPresent(waiter.request().owner().host(), (host, count) -> count == 1 ? null : count - 1);
    }

    int waiters(Host host) {
        return waiting.getOrDefault(host, 0);
    }

    boolean isUnused() {
        return owned.isEmpty() && waiters.isEmpty() && shares.isEmpty();
    }

    /** Shares do not count. */
    boolean isIdle() {
        return owned.isEmpty() && waiters.isEmpty();
    }

    /** How many segments the owner has. */
    int count(Owner owner) {
        return segments(owner).size();
    }

    private NavigableMap<Long, Segment> segments(Owner owner) {
        return owned.getOrDefault(owner, Collections.emptyNavigableMap());
    }

    Collection<Segment> of(Owner owner) {
        return segments(owner).values();
    }

    /** Those that overlap the range, in order. */
    List<Segment> of(Owner owner, Range range) {
        return overlapping(segments(owner), range);
    }

    Collection<Owner> owners() {
        return owned.keySet();
    }

    /** The first of another owner's locks that is in the way; null: none. */
    Segment conflict(Owner owner, Range range, boolean exclusive) {
        Segment found = exclusives.firstOfOthers(range, owner);
        return found != null || !exclusive ? found : shareds.firstOfOthers(range, owner);
    }

    /** The owners of the locks that are in the way, in any order, at most {@code max + 1}, some of them more than once. */
    List<Owner> blockers(Owner owner, Range range, boolean exclusive, int max) {
        List<Owner> found = new ArrayList<>();
        Predicate<Segment> full = segment -> {
            if (!segment.owner.equals(owner)) {
                found.add(segment.owner);
            }
            return found.size() > max;
        };
        if (!exclusives.anyOverlapping(range, full) && exclusive) {
            shareds.anyOverlapping(range, full);
        }
        return found;
    }

    /** Whether the owner has a lock that is in the way of others' request. */
    boolean blocks(Owner owner, Range range, boolean exclusive) {
        return anyOverlapping(segments(owner), range, segment -> exclusive || segment.exclusive);
    }

    /** Whether the owner holds all of the range in just this way already. */
    boolean holds(Owner owner, Range range, boolean exclusive) {
        Map.Entry<Long, Segment> entry = segments(owner).floorEntry(range.start());
        return entry != null
                && entry.getValue().exclusive == exclusive
                && entry.getValue().range().contains(range);
    }

    /** Whether the owner holds all of the range at least as strongly. */
    boolean covers(Owner owner, Range range, boolean exclusive) {
        long position = range.start();
        for (Segment segment : of(owner, range)) {
            if (segment.start > position || (exclusive && !segment.exclusive)) {
                return false;
            }
            if (segment.end >= range.end()) {
                return true;
            }
            position = segment.end + 1;
        }
        return false;
    }

    boolean holdsAny(Owner owner, Range range) {
        return anyOverlapping(segments(owner), range, segment -> true);
    }

    /** Whether releasing the range leaves the owner one segment more. */
    boolean splits(Owner owner, Range range) {
        Map.Entry<Long, Segment> entry = segments(owner).lowerEntry(range.start());
        return entry != null && entry.getValue().end > range.end();
    }

    /** As fcntl(F_SETLK): changes what the owner holds of the range, merging what is held alike. */
    void set(Owner owner, Range range, boolean exclusive, long now) {
        NavigableMap<Long, Segment> mine = owned.computeIfAbsent(owner, o -> new TreeMap<>());
        Range wide = new Range(Math.max(0, range.start() - 1), range.end() == Range.EOF ? Range.EOF : range.end() + 1);
        long start = range.start();
        long end = range.end();
        long since = now;
        for (Segment old : overlapping(mine, wide)) {
            if (old.exclusive == exclusive) {
                drop(mine, old);
                start = Math.min(start, old.start);
                end = Math.max(end, old.end);
                since = Math.min(since, old.since);
            } else if (old.range().overlaps(range)) {
                cut(mine, old, range);
            }
        }
        add(mine, new Segment(owner, exclusive, new Range(start, end), since, orders.getAsLong()));
    }

    /** As fcntl(F_UNLCK). Returns what nobody holds any more of what the owner held. */
    List<Range> unset(Owner owner, Range range) {
        List<Range> free = new ArrayList<>();
        NavigableMap<Long, Segment> mine = owned.get(owner);
        if (mine == null) {
            return free;
        }
        List<Segment> cut = overlapping(mine, range);
        for (Segment old : cut) {
            cut(mine, old, range);
        }
        if (mine.isEmpty()) {
            owned.remove(owner);
        }
        for (Segment old : cut) {
            for (UnionPart part : union(old.range().intersection(range))) {
                if (part.kind() == Kind.NONE) {
                    free.add(part.range());
                }
            }
        }
        return free;
    }

    /** Removes the range from a segment. */
    private void cut(NavigableMap<Long, Segment> mine, Segment old, Range range) {
        drop(mine, old);
        if (old.start < range.start()) {
            add(mine, part(old, old.start, range.start() - 1));
        }
        if (old.end > range.end()) {
            add(mine, part(old, range.end() + 1, old.end));
        }
    }

    private Segment part(Segment old, long start, long end) {
        return new Segment(old.owner, old.exclusive, new Range(start, end), old.since, orders.getAsLong());
    }

    private void add(NavigableMap<Long, Segment> mine, Segment segment) {
        mine.put(segment.start, segment);
        (segment.exclusive ? exclusives : shareds).add(segment);
    }

    private void drop(NavigableMap<Long, Segment> mine, Segment segment) {
        mine.remove(segment.start);
        (segment.exclusive ? exclusives : shareds).remove(segment);
    }

    private static List<Segment> overlapping(NavigableMap<Long, Segment> mine, Range range) {
        List<Segment> found = new ArrayList<>();
        anyOverlapping(mine, range, segment -> {
            found.add(segment);
            return false;
        });
        return found;
    }

    /** Shows an owner's segments that overlap the range, in order, until one is accepted; whether one was. */
    private static boolean anyOverlapping(NavigableMap<Long, Segment> mine, Range range, Predicate<Segment> accepts) {
        Long first = mine.floorKey(range.start());
        NavigableMap<Long, Segment> rest = first == null ? mine : mine.tailMap(first, true);
        for (Segment segment : rest.values()) {
            if (segment.start > range.end()) {
                return false;
            }
            if (segment.end >= range.start() && accepts.test(segment)) {
                return true;
            }
        }
        return false;
    }

    /** How strongly the range is held, by whomever: all of it, in order. */
    List<UnionPart> union(Range range) {
        List<UnionPart> parts = new ArrayList<>();
        long position = range.start();
        while (true) {
            UnionPart part = partAt(position, range.end());
            UnionPart last = parts.isEmpty() ? null : parts.get(parts.size() - 1);
            if (last != null && last.kind() == part.kind()) {
                Range joined = new Range(last.range().start(), part.range().end());
                parts.set(parts.size() - 1, new UnionPart(joined, part.kind()));
            } else {
                parts.add(part);
            }
            if (part.range().end() >= range.end()) {
                return parts;
            }
            position = part.range().end() + 1;
        }
    }

    private UnionPart partAt(long position, long limit) {
        long exclusiveEnd = exclusives.coveredTo(position);
        if (exclusiveEnd >= 0) {
            return new UnionPart(new Range(position, Math.min(limit, exclusiveEnd)), Kind.EXCLUSIVE);
        }
        long end = before(exclusives.nextStart(position), limit);
        long sharedEnd = shareds.coveredTo(position);
        if (sharedEnd >= 0) {
            return new UnionPart(new Range(position, Math.min(end, sharedEnd)), Kind.SHARED);
        }
        return new UnionPart(new Range(position, before(shareds.nextStart(position), end)), Kind.NONE);
    }

    private static long before(long next, long limit) {
        return next < 0 ? limit : Math.min(limit, next - 1);
    }

    /** For tests: throws where something does not fit together. */
    void check() {
        if (waiting.values().stream().mapToInt(count -> count).sum() != waiters.size()) {
            throw new IllegalStateException("the waiters and their hosts differ");
        }
        int segments = owned.values().stream().mapToInt(Map::size).sum();
        if (exclusives.check() + shareds.check() != segments) {
            throw new IllegalStateException("the trees and the owners differ");
        }
    }
}
