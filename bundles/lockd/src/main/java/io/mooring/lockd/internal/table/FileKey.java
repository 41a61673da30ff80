package io.mooring.lockd.internal.table;

import io.mooring.vfs.FileId;

/** A file, by its file system and its id there: the same on every node. Immutable. */
public record FileKey(long fsid, FileId id) {}
