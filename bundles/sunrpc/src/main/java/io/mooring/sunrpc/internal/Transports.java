package io.mooring.sunrpc.internal;

import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcServerOptions;
import io.mooring.sunrpc.RpcTransportService;
import java.io.IOException;
import java.util.List;

/** The RPC transport service; follows. */
public final class Transports implements RpcTransportService, AutoCloseable {

    public static Transports open() {
        return new Transports();
    }

    @Override
    public RpcServer openServer(RpcServerOptions options) throws IOException {
        throw new IOException("not yet");
    }

    @Override
    public RpcClient openClient(RpcClientOptions options) {
        throw new IllegalStateException("not yet");
    }

    @Override
    public List<RpcServer> servers() {
        return List.of();
    }

    @Override
    public void close() {}
}
