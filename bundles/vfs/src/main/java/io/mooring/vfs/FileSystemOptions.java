package io.mooring.vfs;

/**
 * How a directory tree is served.
 *
 * @param sync metadata changes are on stable storage before they return
 */
public record FileSystemOptions(boolean sync) {}
