package io.mooring.rpcbind.internal;

import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.RpcTransportService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * The host's rpcbind by TCP on loopback, from a privileged port where that is permitted: rpcbind(8) takes SET from no
 * other. Immutable.
 */
final class RpcHostRpcbind implements HostRpcbind {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final RpcTransportService rpc;
    private final List<InetAddress> addresses;
    private final int port;
    private final ToIntFunction<InetAddress> localPorts;

    /**
     * @param addresses tried in this order
     * @param localPorts gives the port to call from, 0 for any
     */
    RpcHostRpcbind(
            RpcTransportService rpc, List<InetAddress> addresses, int port, ToIntFunction<InetAddress> localPorts) {
        this.rpc = rpc;
        this.addresses = List.copyOf(addresses);
        this.port = port;
        this.localPorts = localPorts;
    }

    @Override
    public String name() {
        return addresses.get(0).getHostAddress() + " port " + port;
    }

    @Override
    public Session connect() throws IOException {
        IOException failure = new IOException("no address to try");
        for (InetAddress address : addresses) {
            try {
                return connect(address);
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private Session connect(InetAddress address) throws IOException {
        RpcClient client = rpc.openClient(new RpcClientOptions(
                new InetSocketAddress(address, port),
                new InetSocketAddress(address, localPorts.applyAsInt(address)),
                Netid.TCP,
                new RpcCredential.AuthNone(),
                TIMEOUT,
                TIMEOUT));
        boolean connected = false;
        try {
            Session session = greet(client);
            connected = true;
            return session;
        } finally {
            if (!connected) {
                client.close();
            }
        }
    }

    /** The highest version that it speaks. */
    private static Session greet(RpcClient client) throws IOException {
        RpcException refused = null;
        for (int version : new int[] {Rpcbind4.VERSION_4, Rpcbind4.VERSION_3, Portmap2.VERSION}) {
            HostCalls calls = new HostCalls(client, version, TIMEOUT);
            try {
                calls.call(0, (none, w) -> {}, null, r -> Boolean.TRUE);
                return version == Portmap2.VERSION ? new Portmap2Session(calls) : new Rpcbind4Session(calls);
            } catch (RpcException e) {
                refused = e;
            }
        }
        throw new IOException("speaks no version of rpcbind", refused);
    }
}
