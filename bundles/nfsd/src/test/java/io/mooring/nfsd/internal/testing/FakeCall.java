package io.mooring.nfsd.internal.testing;

import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcBuffer;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcCredential;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** A call without a transport. Immutable. */
public record FakeCall(
        RpcCredential credential, InetSocketAddress remoteAddress, InetSocketAddress localAddress, Netid transport)
        implements RpcCall {
    private static final InetSocketAddress LOCAL = new InetSocketAddress("10.0.0.9", 2049);

    /** From a privileged port of 10.0.0.1, by TCP, as uid 1000. */
    public static FakeCall ordinary() {
        return new FakeCall(sys(1000, 1000), new InetSocketAddress("10.0.0.1", 700), LOCAL, Netid.TCP);
    }

    public static RpcCredential sys(int uid, int gid, int... groups) {
        return new RpcCredential.AuthSys(0, "client", uid, gid, groups);
    }

    public FakeCall as(RpcCredential other) {
        return new FakeCall(other, remoteAddress, localAddress, transport);
    }

    public FakeCall from(String address, int port) {
        return new FakeCall(credential, new InetSocketAddress(address, port), localAddress, transport);
    }

    /** To this address of the server. */
    public FakeCall to(InetAddress address) {
        return new FakeCall(credential, remoteAddress, new InetSocketAddress(address, 2049), transport);
    }

    public FakeCall by(Netid netid) {
        return new FakeCall(credential, remoteAddress, localAddress, netid);
    }

    @Override
    public int xid() {
        return 1;
    }

    @Override
    public RpcBuffer allocate(int size) {
        ByteBuffer memory = ByteBuffer.allocateDirect(size);
        return () -> memory;
    }
}
