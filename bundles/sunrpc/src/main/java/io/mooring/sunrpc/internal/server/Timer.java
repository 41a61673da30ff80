package io.mooring.sunrpc.internal.server;

import java.time.Duration;

/** Runs short tasks again and again. Thread-safe. */
@FunctionalInterface
public interface Timer {

    /**
     * Runs the task once in every period.
     *
     * @return ends it
     */
    Runnable every(Duration period, Runnable task);
}
