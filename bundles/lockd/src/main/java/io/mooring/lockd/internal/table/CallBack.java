package io.mooring.lockd.internal.table;

/** How a waiter is told that it has its lock; the table only keeps it. */
public interface CallBack {}
