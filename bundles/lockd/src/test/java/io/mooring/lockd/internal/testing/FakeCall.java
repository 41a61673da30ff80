package io.mooring.lockd.internal.testing;

import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcBuffer;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcCredential;
import java.net.InetSocketAddress;

/** A call without a transport. Immutable. */
public record FakeCall(InetSocketAddress remoteAddress, InetSocketAddress localAddress, Netid transport)
        implements RpcCall {

    /** To 10.0.0.9, where locks are taken in tests. */
    public static FakeCall from(String client) {
        return new FakeCall(new InetSocketAddress(client, 700), new InetSocketAddress("10.0.0.9", 4045), Netid.TCP);
    }

    public FakeCall to(String service) {
        return new FakeCall(remoteAddress, new InetSocketAddress(service, 4045), transport);
    }

    @Override
    public int xid() {
        return 1;
    }

    @Override
    public RpcCredential credential() {
        return new RpcCredential.AuthSys(0, "client", 1000, 1000, new int[0]);
    }

    @Override
    public RpcBuffer allocate(int size) {
        throw new UnsupportedOperationException();
    }
}
