package io.mooring.vfs;

/** What a symbolic link says; opaque bytes that the server never follows. */
public record LinkTarget(byte[] path, Attributes attributes) {}
