package io.mooring.sunrpc;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Pooled direct memory of one call, for file data on its way into the reply: {@link RpcCall#allocate}, fill {@link
 * #nio}, then {@link XdrWriter#writeOpaque(RpcBuffer, int)}. What is never written is released when the call ends.
 */
@ProviderType
public interface RpcBuffer {

    /** The memory: direct, position 0, limit as allocated; always the same object. */
    ByteBuffer nio();
}
