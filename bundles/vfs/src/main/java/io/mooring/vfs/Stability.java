package io.mooring.vfs;

/** How far a write has come when it is answered (RFC 1813 §3.3.7). */
public enum Stability {
    UNSTABLE,
    DATA_SYNC,
    FILE_SYNC
}
