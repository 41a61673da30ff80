package io.mooring.failover.internal;

import java.time.Duration;

/** Runs tasks one after the other, and knows what time it is. Thread-safe. */
public interface Turns {

    /** Runs it after those that were given before. */
    void soon(Runnable task);

    /** Runs it when the time has passed. */
    void later(Duration delay, Runnable task);

    /** As {@link System#nanoTime}. */
    long nanoTime();
}
