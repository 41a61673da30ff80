package io.mooring.lockd.internal.table;

/** How strongly bytes are held by anybody: what the file system is to know of them. Immutable. */
public record UnionPart(Range range, Kind kind) {

    /** The strongest lock on a byte. */
    public enum Kind {
        NONE,
        SHARED,
        EXCLUSIVE
    }
}
