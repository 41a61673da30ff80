package io.mooring.posix;

import java.nio.ByteBuffer;

/** Pieces of memory that one call reads or writes in order (struct iovec), in a thread's {@link Scratch}. Owned by it. */
public final class Vectors {
    /** The most pieces of one call (IOV_MAX). */
    public static final int MAX = Scratch.MAX_VECTORS;

    private final Scratch scratch;
    private int count;

    /** Empties the thread's area for pieces. */
    public Vectors(Scratch scratch) {
        this.scratch = scratch;
    }

    /** Adds what remains in a direct buffer, which must be kept reachable until the call is done. */
    public void add(ByteBuffer direct) {
        add(Scratch.address(direct), direct.remaining());
    }

    public void add(long address, long length) {
        if (count == MAX) {
            throw new IllegalStateException("more than " + MAX + " pieces");
        }
        scratch.setVector(count++, address, length);
    }

    public int count() {
        return count;
    }

    long address() {
        return scratch.vectorsAddress();
    }
}
