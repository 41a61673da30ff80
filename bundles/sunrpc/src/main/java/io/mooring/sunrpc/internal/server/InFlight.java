package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.RpcServerOptions.Limits;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls in flight of many transports together, and the memory that they hold: requests, and replies not yet sent, each
 * allowed half of the bytes. Where one transport is at its limit, or all together are near theirs, the transport is not
 * read.
 *
 * <p>Near the overall limit one transport may hold a quarter of what is free, so that transports that hold much, because
 * their clients never read a reply for instance, always leave something to the others.
 *
 * <p>A server has two of these: one for newcomers, and one for those that have proved that they end their records and read
 * their replies. However many newcomers do neither, they take nothing from the proven. Thread-safe.
 */
final class InFlight {
    private final Limits limits;
    /** A wake-up passes so many transports by whose own part keeps them waiting. */
    private static final int MAX_PASSED_BY = 16;

    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicLong requestBytes = new AtomicLong();
    private final AtomicLong replyBytes = new AtomicLong();
    /** Transports that are not read, or have calls put off, in the order they began to wait. */
    private final ConcurrentLinkedQueue<CallTransport> waiting = new ConcurrentLinkedQueue<>();

    InFlight(Limits limits) {
        this.limits = limits;
    }

    int calls() {
        return calls.get();
    }

    /** Of the calls those whose request is still needed: they will make room. */
    int unanswered() {
        return unanswered.get();
    }

    long bytes() {
        return requestBytes.get() + replyBytes.get();
    }

    /** More than three quarters of what is allowed is in use. */
    boolean isTight() {
        return calls.get() > limits.calls() / 4 * 3
                || requestBytes.get() > limits.bytes() / 8 * 3
                || replyBytes.get() > limits.bytes() / 8 * 3;
    }

    /** There is no room for another transport's request, or for its reply: everybody waits. */
    boolean isFull() {
        return requestBytes.get() >= limits.bytes() / 2 || replyBytes.get() >= limits.bytes() / 2;
    }

    /** What each of so many transports holds of the requests, if all held the same. */
    long requestBytesOfEach(int transports) {
        return requestBytes.get() / Math.max(1, transports);
    }

    void await(CallTransport transport) {
        waiting.add(transport);
    }

    /** Lets the longest waiting transport try again, and where its own part keeps it waiting, the next. */
    void wakeNext() {
        wakeNext(MAX_PASSED_BY);
    }

    /**
     * Likewise.
     *
     * @param more how many may be passed by
     */
    void wakeNext(int more) {
        CallTransport next = waiting.poll();
        if (next != null) {
            next.wake(more - 1);
        }
    }

    /** Lets every transport try again that waits now. */
    void wakeAll() {
        for (int n = waiting.size(); n > 0; n--) {
            wakeNext(0);
        }
    }

    void addCalls(int change, int changeOfUnanswered) {
        calls.addAndGet(change);
        unanswered.addAndGet(changeOfUnanswered);
    }

    void addRequestBytes(long change) {
        requestBytes.addAndGet(change);
    }

    void addReplyBytes(long change) {
        replyBytes.addAndGet(change);
    }

    /** Whether another call may be taken from a transport. */
    boolean mayRead(Share share) {
        return fits(share.calls(), limits.callsPerConnection(), calls.get(), limits.calls())
                && fits(share.requestBytes(), limits.bytesPerConnection() / 2, requestBytes.get(), limits.bytes() / 2)
                && mayRun(share);
    }

    /** Whether a record that has begun to come may come on: only the overall limit holds it up. */
    boolean mayFinish() {
        return requestBytes.get() < limits.bytes() / 2;
    }

    /** Whether a call that was taken may run, and so make a reply. */
    boolean mayRun(Share share) {
        return fits(share.replyBytes(), limits.bytesPerConnection() / 2, replyBytes.get(), limits.bytes() / 2);
    }

    private static boolean fits(long own, long ownLimit, long all, long limit) {
        return own == 0 ? all < limit : own < Math.min(ownLimit, (limit - all) / 4);
    }
}
