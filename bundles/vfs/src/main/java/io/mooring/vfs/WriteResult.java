package io.mooring.vfs;

/** Bytes were written: {@code count} of them, as stable as {@code committed} says. */
public record WriteResult(int count, Stability committed, long verifier, Change change) {}
