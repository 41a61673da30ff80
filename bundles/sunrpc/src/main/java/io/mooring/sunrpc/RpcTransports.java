package io.mooring.sunrpc;

import io.mooring.sunrpc.internal.Transports;
import java.io.IOException;
import java.util.List;

/**
 * The RPC transport service without OSGi, for tests and tools. Thread-safe. Closing it closes its servers and clients
 * and ends its event loops.
 */
public final class RpcTransports implements RpcTransportService, AutoCloseable {
    private final Transports transports;

    private RpcTransports(Transports transports) {
        this.transports = transports;
    }

    /** Native epoll where it is available, NIO otherwise. */
    public static RpcTransports open() {
        return new RpcTransports(Transports.open());
    }

    @Override
    public RpcServer openServer(RpcServerOptions options) throws IOException {
        return transports.openServer(options);
    }

    @Override
    public RpcClient openClient(RpcClientOptions options) {
        return transports.openClient(options);
    }

    @Override
    public List<RpcServer> servers() {
        return transports.servers();
    }

    @Override
    public void close() {
        transports.close();
    }
}
