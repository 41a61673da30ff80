package io.mooring.lockd.internal.table;

/** Numbers that grow. Guarded by the table's monitor. */
final class Orders {
    private long last;

    long next() {
        return ++last;
    }

    /** Those that follow are greater. */
    void reach(long order) {
        last = Math.max(last, order);
    }
}
