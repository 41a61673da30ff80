package io.mooring.lockd.internal.locks;

import io.mooring.lockd.internal.table.CallBack;
import io.mooring.lockd.internal.table.Holder;
import io.mooring.lockd.internal.table.LockRequest;
import io.mooring.lockd.internal.table.Unconfirmed;
import java.util.List;

/**
 * A lock that a waiter got, while its client has not confirmed it. Thread-safe: it only ends, once, within {@link Locks}.
 */
public final class Grant {
    private final Unconfirmed what;
    private final boolean toldBefore;
    private volatile boolean ended;

    /**
     * Not confirmed yet.
     *
     * @param toldBefore the client may have confirmed it elsewhere
     */
    Grant(Unconfirmed what, boolean toldBefore) {
        this.what = what;
        this.toldBefore = toldBefore;
    }

    public LockRequest request() {
        return what.request();
    }

    public CallBack callBack() {
        return what.callBack();
    }

    /** Whether the node that had the lock before may have told the client. */
    public boolean wasToldBefore() {
        return toldBefore;
    }

    List<Holder> before() {
        return what.before();
    }

    /** Whether its owner had some of it exclusively, and now is to share it: until its client knows, it has it as before. */
    boolean weakens() {
        return !request().exclusive() && before().stream().anyMatch(Holder::exclusive);
    }

    /** Nobody needs to be told any more: the client knows, or the lock is gone. */
    public boolean hasEnded() {
        return ended;
    }

    void end() {
        ended = true;
    }
}
