package io.mooring.sunrpc.internal.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets calls in until it is shut, which it stays: an address that is opened again gets a new one, so that a call which was
 * waiting when the old one was shut never begins. One word is both the bolt and the count of those that were let in and have
 * not ended; so none slips in behind whoever shut it and found nobody inside. Thread-safe.
 */
final class Gate {
    /** The sign bit. */
    private static final int SHUT = Integer.MIN_VALUE;

    private final AtomicInteger state = new AtomicInteger();
    private final CompletableFuture<Void> empty = new CompletableFuture<>();
    private final Gate earlier;
    private final CompletableFuture<Void> drained;

    private Gate(Gate earlier) {
        this.earlier = earlier;
        drained = earlier == null ? empty : CompletableFuture.allOf(earlier.drained, empty);
    }

    /** The first of an address. */
    static Gate shutFromTheBeginning() {
        Gate gate = new Gate(null);
        gate.shut();
        return gate;
    }

    /** An open one in the place of this one, which was shut; those that are still inside this one count there, too. */
    Gate successor() {
        return new Gate(drained.isDone() ? null : this);
    }

    boolean isShut() {
        return state.get() < 0;
    }

    /** Lets a call in, which must {@link #leave}; false: the gate is shut. */
    boolean enter() {
        if (isShut()) {
            return false;
        }
        if (state.getAndIncrement() >= 0) {
            return true;
        }
        leave();
        return false;
    }

    void leave() {
        if (state.decrementAndGet() == SHUT) {
            empty.complete(null);
        }
    }

    /** From now on nobody enters. Does nothing the second time. */
    void shut() {
        if (state.getAndUpdate(inside -> inside | SHUT) == 0) {
            empty.complete(null);
        }
    }

    /** Completes when it was shut, and nobody is inside any more, nor inside earlier ones. */
    CompletableFuture<Void> drained() {
        return drained.copy();
    }

    /** Those inside this one and earlier ones. */
    int inside() {
        return (state.get() & ~SHUT) + (earlier == null ? 0 : earlier.inside());
    }
}
