package io.mooring.rpcbind.internal;

import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrEncoder;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Blocking calls of one version of an rpcbind. Used by one thread. */
final class HostCalls implements AutoCloseable {
    private final RpcClient client;
    private final int version;
    private final Duration timeout;

    HostCalls(RpcClient client, int version, Duration timeout) {
        this.client = client;
        this.version = version;
        this.timeout = timeout;
    }

    /** @throws RpcException where the call was refused at the RPC level */
    <A, R> R call(int procedure, XdrEncoder<A> encoder, A arguments, XdrDecoder<R> decoder)
            throws IOException, RpcException {
        CompletableFuture<R> answer = client.call(Portmap2.PROGRAM, version, procedure, encoder, arguments, decoder);
        try {
            return answer.get(2 * timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RpcException refused) {
                throw refused;
            }
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + timeout.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
