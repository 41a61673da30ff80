package io.mooring.vfs;

/** What a rename did to both directories. */
public record Renamed(Change from, Change to) {}
