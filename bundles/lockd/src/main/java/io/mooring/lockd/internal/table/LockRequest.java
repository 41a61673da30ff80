package io.mooring.lockd.internal.table;

/** What an owner holds, or wants to hold. Immutable. */
public record LockRequest(FileKey file, Owner owner, Range range, boolean exclusive) {}
