package io.mooring.vfs;

/** Bytes were read: {@code count} of them; {@code eof} when they reach the end. */
public record ReadResult(int count, boolean eof, Attributes attributes) {}
