package io.mooring.lockd.internal.peer;

import io.mooring.sunrpc.OneWayCall;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.XdrEncoder;
import java.util.concurrent.CompletableFuture;

/** What clients are called with: the lock server's own clients and sockets. Thread-safe. */
public interface PeerTransport {

    RpcClient open(RpcClientOptions options);

    /** From where the server listens by UDP. */
    <A> CompletableFuture<Void> send(OneWayCall call, XdrEncoder<A> encoder, A arguments);

    static PeerTransport of(RpcServer server) {
        return new PeerTransport() {
            @Override
            public RpcClient open(RpcClientOptions options) {
                return server.openClient(options);
            }

            @Override
            public <A> CompletableFuture<Void> send(OneWayCall call, XdrEncoder<A> encoder, A arguments) {
                return server.send(call, encoder, arguments);
            }
        };
    }
}
