package io.mooring.lockd.internal.table;

import java.util.function.Predicate;

/**
 * Segments by their start, in a balanced (AVL) tree whose nodes know how far their subtrees reach, for each owner and for
 * all others: who is in an owner's way is found in logarithmic time, however much it and others hold. Guarded by the
 * table's monitor.
 */
final class IntervalTree {
    private Segment root;

    boolean isEmpty() {
        return root == null;
    }

    void add(Segment segment) {
        root = add(root, segment);
    }

    private static Segment add(Segment node, Segment added) {
        if (node == null) {
            return added;
        }
        if (added.isBefore(node)) {
            node.left = add(node.left, added);
        } else {
            node.right = add(node.right, added);
        }
        return balanced(node);
    }

    void remove(Segment segment) {
        root = remove(root, segment);
        segment.left = null;
        segment.right = null;
        segment.summarize();
    }

    private static Segment remove(Segment node, Segment removed) {
        if (node == null) {
            throw new IllegalStateException("a segment that is not in the tree");
        }
        if (node != removed) {
            if (removed.isBefore(node)) {
                node.left = remove(node.left, removed);
            } else {
                node.right = remove(node.right, removed);
            }
            return balanced(node);
        }
        if (node.left == null || node.right == null) {
            return node.left == null ? node.right : node.left;
        }
        Segment next = node.right;
        while (next.left != null) {
            next = next.left;
        }
        next.right = remove(node.right, next);
        next.left = node.left;
        return balanced(next);
    }

    private static Segment balanced(Segment node) {
        int lean = Segment.height(node.left) - Segment.height(node.right);
        if (lean > 1) {
            if (Segment.height(node.left.left) < Segment.height(node.left.right)) {
                node.left = rotatedLeft(node.left);
            }
            return rotatedRight(node);
        }
        if (lean < -1) {
            if (Segment.height(node.right.right) < Segment.height(node.right.left)) {
                node.right = rotatedRight(node.right);
            }
            return rotatedLeft(node);
        }
        node.summarize();
        return node;
    }

    private static Segment rotatedRight(Segment node) {
        Segment top = node.left;
        node.left = top.right;
        top.right = node;
        node.summarize();
        top.summarize();
        return top;
    }

    private static Segment rotatedLeft(Segment node) {
        Segment top = node.right;
        node.right = top.left;
        top.left = node;
        node.summarize();
        top.summarize();
        return top;
    }

    /** The first segment of others than the owner that overlaps the range; null: none. */
    Segment firstOfOthers(Range range, Owner than) {
        return firstOfOthers(root, range, than);
    }

    private static Segment firstOfOthers(Segment node, Range range, Owner than) {
        if (node == null || node.endOfOthers(than) < range.start()) {
            return null;
        }
        Segment found = firstOfOthers(node.left, range, than);
        if (found != null || node.start > range.end()) {
            return found;
        }
        boolean here = node.end >= range.start() && !node.owner.equals(than);
        return here ? node : firstOfOthers(node.right, range, than);
    }

    /** Shows segments that overlap the range, in order, until one is accepted; whether one was. */
    boolean anyOverlapping(Range range, Predicate<Segment> accepts) {
        return anyOverlapping(root, range, accepts);
    }

    private static boolean anyOverlapping(Segment node, Range range, Predicate<Segment> accepts) {
        if (node == null || node.farthestEnd < range.start()) {
            return false;
        }
        if (anyOverlapping(node.left, range, accepts)) {
            return true;
        }
        if (node.start > range.end()) {
            return false;
        }
        return (node.end >= range.start() && accepts.test(node)) || anyOverlapping(node.right, range, accepts);
    }

    /** The last byte up to which a single segment covers the position and what follows; -1: it is not covered. */
    long coveredTo(long position) {
        long farthest = -1;
        Segment node = root;
        while (node != null) {
            if (node.start <= position) {
                farthest = Math.max(farthest, node.end);
                if (node.left != null) {
                    farthest = Math.max(farthest, node.left.farthestEnd);
                }
                node = node.right;
            } else {
                node = node.left;
            }
        }
        return farthest >= position ? farthest : -1;
    }

    /** The smallest start after the position; -1: there is none. */
    long nextStart(long position) {
        long next = -1;
        Segment node = root;
        while (node != null) {
            if (node.start > position) {
                next = node.start;
                node = node.left;
            } else {
                node = node.right;
            }
        }
        return next;
    }

    /** For tests: every node is where it belongs and knows what it should; the number of segments. */
    int check() {
        return check(root);
    }

    private static int check(Segment node) {
        if (node == null) {
            return 0;
        }
        int count = 1 + check(node.left) + check(node.right);
        boolean ordered =
                (node.left == null || node.left.isBefore(node)) && (node.right == null || node.isBefore(node.right));
        boolean level = Math.abs(Segment.height(node.left) - Segment.height(node.right)) <= 1;
        Owner farthest = node.farthest;
        long farthestEnd = node.farthestEnd;
        long othersEnd = node.othersEnd;
        node.summarize();
        boolean same = farthest.equals(node.farthest) && farthestEnd == node.farthestEnd && othersEnd == node.othersEnd;
        if (!ordered || !level || !same) {
            throw new IllegalStateException("at " + node.range());
        }
        return count;
    }
}
