package io.mooring.vfs;

/** Attributes of an object before and after a change; either is null where it could not be had (wcc data). */
public record Change(Attributes before, Attributes after) {}
