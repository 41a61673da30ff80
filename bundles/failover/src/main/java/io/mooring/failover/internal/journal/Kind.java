package io.mooring.failover.internal.journal;

import java.util.Optional;

/** What a record is; its code is in the file. */
enum Kind {
    /** Of a stream: something happened. */
    EVENT(1),
    /** Of a stream: how things are. */
    SNAPSHOT(2),
    /** All that the files before this one say is in this one's snapshots, too. */
    SNAPSHOT_END(3),
    /** The last one of a file: events go to the other file from now on. */
    ROTATED(4),
    /** The last one: the service was released. */
    CLEAN(5),
    /** Gives a number to a stream; the payload is its name. */
    STREAM(6),
    /** What the journal lacked when it was taken is made up for. */
    COMPLETE(7);

    private final int code;

    Kind(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Optional<Kind> of(int code) {
        return code >= 1 && code <= values().length ? Optional.of(values()[code - 1]) : Optional.empty();
    }
}
