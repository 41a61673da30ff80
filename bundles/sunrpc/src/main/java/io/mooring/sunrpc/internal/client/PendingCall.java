package io.mooring.sunrpc.internal.client;

import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A call that waits for its reply. Owned by the client's event loop, but for its future. */
final class PendingCall<R> {
    private final int xid;
    private final XdrDecoder<R> decoder;
    private final CompletableFuture<R> result = new CompletableFuture<>();
    /** Null when it is not to be sent any more. */
    private ByteBuf request;

    private Future<?> timeout;
    private Future<?> retransmission;

    PendingCall(int xid, ByteBuf request, XdrDecoder<R> decoder) {
        this.xid = xid;
        this.request = request;
        this.decoder = decoder;
    }

    int xid() {
        return xid;
    }

    CompletableFuture<R> result() {
        return result;
    }

    /** A view of the request to be sent, with a reference of its own. */
    ByteBuf request() {
        return request.retainedDuplicate();
    }

    void timeoutBy(Future<?> scheduled) {
        timeout = scheduled;
    }

    void retransmitBy(Future<?> scheduled) {
        retransmission = scheduled;
    }

    void succeed(XdrReader reader) {
        end();
        R value;
        try {
            value = decoder.read(reader);
        } catch (XdrException e) {
            result.completeExceptionally(new IOException("the result cannot be decoded: " + e.getMessage(), e));
            return;
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
            return;
        }
        result.complete(value);
    }

    void fail(Throwable cause) {
        end();
        result.completeExceptionally(cause);
    }

    private void end() {
        if (request != null) {
            request.release();
            request = null;
        }
        cancel(timeout);
        cancel(retransmission);
    }

    private static void cancel(Future<?> scheduled) {
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }
}
