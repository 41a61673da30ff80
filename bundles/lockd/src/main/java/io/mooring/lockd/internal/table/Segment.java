package io.mooring.lockd.internal.table;

/**
 * Consecutive bytes that an owner holds in one way; a node of an {@link IntervalTree}. What it says never changes, its place
 * in the tree does. Guarded by the table's monitor.
 */
final class Segment {
    final Owner owner;
    final boolean exclusive;
    final long start;
    final long end;
    /** Milliseconds since 1970. */
    final long since;
    /** Unique: tells segments with the same start apart. */
    final long order;

    Segment left;
    Segment right;
    int height = 1;

    /** Whose segment reaches farthest in this subtree, how far it does, and how far those of all others; -1: none. */
    Owner farthest;

    long farthestEnd;
    long othersEnd;

    Segment(Owner owner, boolean exclusive, Range range, long since, long order) {
        this.owner = owner;
        this.exclusive = exclusive;
        this.start = range.start();
        this.end = range.end();
        this.since = since;
        this.order = order;
        summarize();
    }

    Range range() {
        return new Range(start, end);
    }

    Change.Part part() {
        return new Change.Part(range(), exclusive, since);
    }

    boolean isBefore(Segment other) {
        return start < other.start || (start == other.start && order < other.order);
    }

    /** How far segments of others than the owner reach in this subtree; -1: there is none. */
    long endOfOthers(Owner than) {
        return farthest.equals(than) ? othersEnd : farthestEnd;
    }

    /** To be called whenever a child changed. */
    void summarize() {
        height = 1 + Math.max(height(left), height(right));
        farthest = owner;
        farthestEnd = end;
        othersEnd = -1;
        include(left);
        include(right);
    }

    private void include(Segment child) {
        if (child == null) {
            return;
        }
        if (child.farthest.equals(farthest)) {
            farthestEnd = Math.max(farthestEnd, child.farthestEnd);
            othersEnd = Math.max(othersEnd, child.othersEnd);
        } else if (child.farthestEnd > farthestEnd) {
            othersEnd = Math.max(child.othersEnd, farthestEnd);
            farthest = child.farthest;
            farthestEnd = child.farthestEnd;
        } else {
            othersEnd = Math.max(othersEnd, child.farthestEnd);
        }
    }

    static int height(Segment node) {
        return node == null ? 0 : node.height;
    }
}
