package io.mooring.vfs;

import java.nio.file.Path;

/**
 * A directory of this host on which a file system is mounted. Immutable.
 *
 * @param id the host's name for this mount; no other gets it while a tree of this one is open
 * @param path absolute, without symbolic links
 */
public record MountPoint(long id, Path path) {}
