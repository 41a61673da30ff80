package io.mooring.vfs;

/** How a directory listing ended: {@code eof} when no entry is left. */
public record DirectoryResult(boolean eof, long cookieVerifier, Attributes directory) {}
