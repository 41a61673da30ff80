package io.mooring.sunrpc;

import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/** Calls one server. Thread-safe; any number of calls may be under way. */
@ProviderType
public interface RpcClient extends AutoCloseable {

    /**
     * Calls a procedure.
     *
     * @return completes with the result, or with a {@link java.util.concurrent.TimeoutException}, an
     *     {@link java.io.IOException} or an {@link RpcException}; never on the caller's thread while it holds a lock
     */
    <A, R> CompletableFuture<R> call(
            int program, int version, int procedure, XdrEncoder<A> encoder, A arguments, XdrDecoder<R> decoder);

    /** Calls under way fail with an IOException. */
    @Override
    void close();
}
