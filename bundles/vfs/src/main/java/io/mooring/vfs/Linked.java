package io.mooring.vfs;

/** What a link did. */
public record Linked(Attributes file, Change directory) {}
