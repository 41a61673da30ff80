package io.mooring.sunrpc.internal.xdr;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * An encoded message: buffers to be sent one after the other. Owned by one thread at a time.
 *
 * @param segments at least one
 * @param size their bytes together
 */
public record Message(ByteBuf[] segments, int size) {

    public void release() {
        for (ByteBuf segment : segments) {
            segment.release();
        }
    }

    /** All of it as one buffer without a copy, for a datagram; takes the segments over. */
    public ByteBuf joined() {
        return segments.length == 1 ? segments[0] : Unpooled.wrappedBuffer(segments);
    }
}
