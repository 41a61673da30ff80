package io.mooring.sunrpc.internal.xdr;

import io.mooring.sunrpc.RpcBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;

/** Direct memory from the pool, with room for XDR's padding behind it. Used by one thread at a time. */
public final class PooledRpcBuffer implements RpcBuffer {
    private final ByteBuffer nio;
    /** Null when a message has taken it, or it was released. */
    private ByteBuf bytes;

    public PooledRpcBuffer(ByteBufAllocator allocator, int size) {
        bytes = allocator.directBuffer(Math.addExact(size, -size & 3));
        nio = bytes.nioBuffer(0, size);
    }

    @Override
    public ByteBuffer nio() {
        return nio;
    }

    ByteBuf take() {
        if (bytes == null) {
            throw new IllegalStateException("buffer written twice, or after its call was answered");
        }
        ByteBuf taken = bytes;
        bytes = null;
        return taken;
    }

    /** Frees the memory unless a message has taken it. */
    public void release() {
        if (bytes != null) {
            take().release();
        }
    }
}
