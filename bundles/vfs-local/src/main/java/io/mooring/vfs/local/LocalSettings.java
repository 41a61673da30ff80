package io.mooring.vfs.local;

/**
 * How trees are served. Immutable.
 *
 * @param maxDescriptors for all trees together
 * @param descriptorIdleSeconds how long an unused descriptor stays open
 * @param forceIndex finds objects through an index even where the kernel would find them
 * @param maxIndexEntries names that an index remembers
 * @param maxWalkEntries names that one search through a tree looks at
 */
record LocalSettings(
        int maxDescriptors, int descriptorIdleSeconds, boolean forceIndex, int maxIndexEntries, int maxWalkEntries) {}
