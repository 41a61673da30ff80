package io.mooring.failover.internal.connection;

/** Where records are written; never blocks. Thread-safe. */
@FunctionalInterface
public interface Recorder {
    void append(byte[] record);
}
