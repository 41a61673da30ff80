package io.mooring.sunrpc.commands;

import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcServerOptions;
import io.mooring.sunrpc.RpcTransportService;
import java.util.List;

/** Given servers. */
record FakeService(List<RpcServer> servers) implements RpcTransportService {

    static FakeService of(RpcServer... servers) {
        return new FakeService(List.of(servers));
    }

    @Override
    public RpcServer openServer(RpcServerOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RpcClient openClient(RpcClientOptions options) {
        throw new UnsupportedOperationException();
    }
}
