package io.mooring.vfs;

/** A time stamp: seconds since 1970, and 0 to 999,999,999 nanoseconds. */
public record FileTime(long seconds, int nanos) {}
