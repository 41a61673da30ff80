package io.mooring.vfs;

/** How CREATE treats a name that exists (RFC 1813 §3.3.8). */
public sealed interface CreateMode {

    /** An existing regular file is opened, and truncated where the attributes say so. */
    record Unchecked(NewAttributes attributes) implements CreateMode {}

    /** An existing name is an error. */
    record Guarded(NewAttributes attributes) implements CreateMode {}

    /** An existing file is an error, unless it was made with the same verifier, which is kept with the file. */
    record Exclusive(long verifier) implements CreateMode {}
}
