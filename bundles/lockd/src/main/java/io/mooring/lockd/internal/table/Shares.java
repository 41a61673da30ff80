package io.mooring.lockd.internal.table;

import java.util.HashMap;
import java.util.Map;

/**
 * The share reservations of one file, as DOS programs make them: who uses it how (access), and what others may not do (mode);
 * both are sets of the bits 1 (read) and 2 (write). Guarded by the table's monitor.
 */
final class Shares {
    private static final int BITS = 2;

    private final Map<Owner, Share> shares = new HashMap<>();
    /** How many have each bit. */
    private final int[] accesses = new int[BITS];

    private final int[] denials = new int[BITS];

    private record Share(int access, int mode) {}

    boolean isEmpty() {
        return shares.isEmpty();
    }

    boolean has(Owner owner) {
        return shares.containsKey(owner);
    }

    /** Whether no share of another owner is in conflict with this one. */
    boolean allow(Owner owner, int access, int mode) {
        Share own = shares.get(owner);
        count(own, -1);
        boolean free = (bits(denials) & access) == 0 && (bits(accesses) & mode) == 0;
        count(own, 1);
        return free;
    }

    /** Makes or changes a share. */
    void put(Owner owner, int access, int mode) {
        Share share = new Share(access, mode);
        count(shares.put(owner, share), -1);
        count(share, 1);
    }

    /** Is shown a share. */
    interface Visitor {
        void visit(Owner owner, int access, int mode);
    }

    void forEach(Visitor visitor) {
        shares.forEach((owner, share) -> visitor.visit(owner, share.access, share.mode));
    }

    boolean unshare(Owner owner) {
        Share before = shares.remove(owner);
        count(before, -1);
        return before != null;
    }

    private void count(Share share, int change) {
        if (share != null) {
            for (int bit = 0; bit < BITS; bit++) {
                accesses[bit] += change * (share.access >> bit & 1);
                denials[bit] += change * (share.mode >> bit & 1);
            }
        }
    }

    private static int bits(int[] counts) {
        return (counts[0] > 0 ? 1 : 0) | (counts[1] > 0 ? 2 : 0);
    }
}
