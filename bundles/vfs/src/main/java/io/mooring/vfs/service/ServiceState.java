package io.mooring.vfs.service;

import java.nio.file.Path;

/**
 * What a service keeps on storage that moves with it, while this node has it.
 *
 * @param directory the state directory; each participant may keep files below a directory of its own name
 * @param journal the participant's own part of the journal
 * @param complete whether the journal has everything that was promised. If not (a power loss without synchronous writes, a
 *     damaged file), what clients had may be missing: they must be asked
 */
public record ServiceState(Path directory, ServiceJournal journal, boolean complete) {}
