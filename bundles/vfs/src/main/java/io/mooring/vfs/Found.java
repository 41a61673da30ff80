package io.mooring.vfs;

/** An object found by name, and the directory's attributes. */
public record Found(FileId id, Attributes attributes, Attributes directory) {}
