package io.mooring.sunrpc.internal.client;

import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.internal.transport.TransportRegistry;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The clients that belong to one owner, closed with it. Thread-safe. */
public final class ClientSet implements AutoCloseable {
    private final ClientFactory factory;
    private final TransportRegistry registry;
    private final Set<NettyRpcClient> clients = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param registry where their transports are entered
     */
    public ClientSet(ClientFactory factory, TransportRegistry registry) {
        this.factory = factory;
        this.registry = registry;
    }

    /** After {@link #close} a client whose calls fail. */
    public RpcClient open(RpcClientOptions options) {
        NettyRpcClient client = factory.open(options, registry, clients::remove);
        clients.add(client);
        if (closed) {
            client.close();
        }
        return client;
    }

    @Override
    public void close() {
        closed = true;
        List.copyOf(clients).forEach(NettyRpcClient::close);
    }
}
