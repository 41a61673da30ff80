package io.mooring.vfs;

/** A new object, and what that did to its directory. */
public record Created(FileId id, Attributes attributes, Change directory) {}
