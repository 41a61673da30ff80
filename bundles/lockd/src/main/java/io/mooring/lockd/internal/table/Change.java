package io.mooring.lockd.internal.table;

import java.util.ArrayList;
import java.util.List;

/**
 * What is so from now on, whatever was before: making a change again, or where it is so already, changes nothing. The state
 * numbers are the client's, 0 where it is not known. Immutable.
 */
public sealed interface Change {

    /** Whom it concerns. */
    Owner owner();

    /**
     * The owner holds just these parts of the range.
     *
     * @param parts in order; none: it holds nothing of it
     */
    record Held(FileKey file, Owner owner, int state, Range range, List<Part> parts) implements Change {
        /** What one has at the most, so that it stays small. */
        static final int MAX_PARTS = 1000;

        public Held {
            parts = List.copyOf(parts);
        }

        /** As many of them as the parts need, one behind the other. */
        static List<Held> all(FileKey file, Owner owner, int state, Range range, List<Part> parts) {
            List<Held> pieces = new ArrayList<>();
            long start = range.start();
            for (int from = 0; from == 0 || from < parts.size(); from += MAX_PARTS) {
                int to = Math.min(parts.size(), from + MAX_PARTS);
                long end = to == parts.size()
                        ? range.end()
                        : parts.get(to - 1).range().end();
                pieces.add(new Held(file, owner, state, new Range(start, end), parts.subList(from, to)));
                start = end + 1;
            }
            return pieces;
        }
    }

    /**
     * Bytes that are held in one way.
     *
     * @param since milliseconds since 1970
     */
    record Part(Range range, boolean exclusive, long since) {}

    /** A request waits. */
    record Waits(Waiter waiter, int state) implements Change {
        @Override
        public Owner owner() {
            return waiter.request().owner();
        }
    }

    /** It does not. */
    record WaitsNoMore(LockRequest request) implements Change {
        @Override
        public Owner owner() {
            return request.owner();
        }
    }

    /**
     * A waiter has its lock, and is to be told.
     *
     * @param since milliseconds since 1970
     */
    record Granted(Unconfirmed grant, int state, long since) implements Change {
        @Override
        public Owner owner() {
            return grant.request().owner();
        }
    }

    /** Nobody is to be told of the request any more. */
    record Confirmed(LockRequest request) implements Change {
        @Override
        public Owner owner() {
            return request.owner();
        }
    }

    /** The owner's share; sets of the bits 1 (read) and 2 (write). */
    record Shared(FileKey file, Owner owner, int state, int access, int mode) implements Change {}

    /** It has none. */
    record Unshared(FileKey file, Owner owner) implements Change {}
}
