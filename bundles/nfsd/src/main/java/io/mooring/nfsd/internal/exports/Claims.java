package io.mooring.nfsd.internal.exports;

/** What belongs to services, and so to no export of the files. Thread-safe. */
@FunctionalInterface
public interface Claims {
    Claims NONE = definition -> null;

    /** Why services keep this from being exported; null: none does. Waits for paths that are slow to answer, within a bound. */
    String refusal(ExportDefinition definition);
}
