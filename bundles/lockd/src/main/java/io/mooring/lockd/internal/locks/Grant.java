package io.mooring.lockd.internal.locks;

import io.mooring.lockd.internal.table.CallBack;
import io.mooring.lockd.internal.table.Holder;
import io.mooring.lockd.internal.table.LockRequest;
import java.util.List;

/**
 * A lock that a waiter got, while its client has not confirmed it. Thread-safe: it only ends, once, within {@link Locks}.
 */
public final class Grant {
    private final LockRequest request;
    private final CallBack callBack;
    private final List<Holder> before;
    private volatile boolean ended;

    /**
     * Not confirmed yet.
     *
     * @param before what the owner held of the range until then
     */
    Grant(LockRequest request, CallBack callBack, List<Holder> before) {
        this.request = request;
        this.callBack = callBack;
        this.before = List.copyOf(before);
    }

    public LockRequest request() {
        return request;
    }

    public CallBack callBack() {
        return callBack;
    }

    List<Holder> before() {
        return before;
    }

    /** Whether its owner had some of it exclusively, and now is to share it: until its client knows, it has it as before. */
    boolean weakens() {
        return !request.exclusive() && before.stream().anyMatch(Holder::exclusive);
    }

    /** Nobody needs to be told any more: the client knows, or the lock is gone. */
    public boolean hasEnded() {
        return ended;
    }

    void end() {
        ended = true;
    }
}
