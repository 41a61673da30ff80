package io.mooring.vfs;

/** A range is on stable storage, if the verifier is still the one of its writes. */
public record CommitResult(long verifier, Change change) {}
