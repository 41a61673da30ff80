package io.mooring.vfs.local;

import io.mooring.posix.Scratch;
import io.mooring.vfs.Caller;
import io.mooring.vfs.VfsException;

/** With whose rights the kernel sees system calls. Thread-safe. */
interface Identity {

    /** System calls and nothing else: no class may be loaded and nothing thrown; a negative errno ends them. */
    @FunctionalInterface
    interface Calls {
        long run();
    }

    /**
     * Runs the calls with the caller's identity, on this thread.
     *
     * @return what they return
     */
    long as(Caller caller, Scratch scratch, Calls calls) throws VfsException;

    /** Throws where the kernel may see this thread as somebody whom it served before: it must then do nothing more. */
    default void requireOwn() throws VfsException {
        // Where callers do not differ there is no other identity.
    }

    /** The uid that the kernel sees for this caller. */
    int uid(Caller caller);

    /** Whether callers differ at all. */
    boolean perCaller();
}
