package io.mooring.sunrpc.internal.server;

/** What one transport has in flight, and with whom it shares the limits. Thread-safe. */
final class Share {
    private InFlight sharers;
    private int calls;
    private long requestBytes;
    private long replyBytes;

    /** Begins with nothing. */
    Share(InFlight sharers) {
        this.sharers = sharers;
    }

    synchronized InFlight sharers() {
        return sharers;
    }

    /** Takes all that is in flight along. */
    synchronized void moveTo(InFlight others) {
        count(-1);
        sharers = others;
        count(1);
    }

    private synchronized void count(int times) {
        sharers.addCalls(times * calls);
        sharers.addRequestBytes(times * requestBytes);
        sharers.addReplyBytes(times * replyBytes);
    }

    synchronized void addCalls(int change) {
        calls += change;
        sharers.addCalls(change);
    }

    synchronized void addRequestBytes(long change) {
        requestBytes += change;
        sharers.addRequestBytes(change);
    }

    synchronized void addReplyBytes(long change) {
        replyBytes += change;
        sharers.addReplyBytes(change);
    }

    synchronized int calls() {
        return calls;
    }

    synchronized long requestBytes() {
        return requestBytes;
    }

    synchronized long replyBytes() {
        return replyBytes;
    }

    /** Whether another call may be taken from the transport. */
    synchronized boolean mayRead() {
        return sharers.mayRead(this);
    }

    /** Whether a call that was taken may run. */
    synchronized boolean mayRun() {
        return sharers.mayRun(this);
    }
}
