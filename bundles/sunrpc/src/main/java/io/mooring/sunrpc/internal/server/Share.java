package io.mooring.sunrpc.internal.server;

/** What one transport has in flight, and with whom it shares the limits. Thread-safe. */
final class Share {
    private InFlight sharers;
    private int calls;
    private int unanswered;
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
        sharers.addCalls(times * calls, times * unanswered);
        sharers.addRequestBytes(times * requestBytes);
        sharers.addReplyBytes(times * replyBytes);
    }

    /** A call came. */
    synchronized void received(long bytes) {
        calls++;
        unanswered++;
        sharers.addCalls(1, 1);
        addRequestBytes(bytes);
    }

    /** A call was worked on, and its request is not needed any more. */
    synchronized void answered(long bytes) {
        unanswered--;
        sharers.addCalls(0, -1);
        addRequestBytes(-bytes);
    }

    /** A call's reply was sent, or never will be. */
    synchronized void ended() {
        calls--;
        sharers.addCalls(-1, 0);
    }

    /** Bytes of a record that has not come completely count as those of a call. */
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

    /** Whether the limits would let go on somebody who holds less. */
    synchronized boolean holdsAny() {
        return calls > 0 || requestBytes > 0 || replyBytes > 0;
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
