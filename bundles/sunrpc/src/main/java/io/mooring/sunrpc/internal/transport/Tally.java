package io.mooring.sunrpc.internal.transport;

/** A counter that one thread writes and any thread reads. */
public final class Tally {
    private long own;
    private volatile long published;

    public void add(long amount) {
        own += amount;
        published = own;
    }

    public long value() {
        return published;
    }
}
