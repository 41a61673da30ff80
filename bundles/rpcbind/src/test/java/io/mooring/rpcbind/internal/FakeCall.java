package io.mooring.rpcbind.internal;

import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcBuffer;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcCredential;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** A call that came by no socket. Immutable. */
record FakeCall(Netid transport, InetSocketAddress remoteAddress, InetSocketAddress localAddress) implements RpcCall {

    /** From another host. */
    static FakeCall remote(Netid netid) {
        return Registration.isIpv6(netid)
                ? of(netid, "2001:db8::9", 700, "2001:db8::5")
                : of(netid, "10.0.0.9", 700, "10.0.0.5");
    }

    /** From a program on this host that may use privileged ports. */
    static FakeCall privileged() {
        return of(Netid.TCP, "127.0.0.1", 700, "127.0.0.1");
    }

    /** From any program on this host. */
    static FakeCall unprivileged() {
        return of(Netid.TCP, "127.0.0.1", 40000, "127.0.0.1");
    }

    static FakeCall of(Netid netid, String remote, int remotePort, String local) {
        return new FakeCall(
                netid, new InetSocketAddress(address(remote), remotePort), new InetSocketAddress(address(local), 111));
    }

    static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public int xid() {
        return 1;
    }

    @Override
    public RpcCredential credential() {
        return new RpcCredential.AuthNone();
    }

    @Override
    public RpcBuffer allocate(int size) {
        throw new UnsupportedOperationException();
    }
}
