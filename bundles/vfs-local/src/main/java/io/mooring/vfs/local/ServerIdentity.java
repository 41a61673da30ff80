package io.mooring.vfs.local;

import io.mooring.posix.Scratch;
import io.mooring.vfs.Caller;

/** A server that is a plain user: every access is that user's. Immutable. */
final class ServerIdentity implements Identity {
    private final int uid;

    ServerIdentity(int uid) {
        this.uid = uid;
    }

    @Override
    public long as(Caller caller, Scratch scratch, Calls calls) {
        return calls.run();
    }

    @Override
    public int uid(Caller caller) {
        return uid;
    }

    @Override
    public boolean perCaller() {
        return false;
    }
}
