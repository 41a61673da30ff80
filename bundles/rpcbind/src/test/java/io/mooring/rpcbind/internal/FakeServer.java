package io.mooring.rpcbind.internal;

import io.mooring.sunrpc.AddressKeeper;
import io.mooring.sunrpc.MooredAddress;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.OneWayCall;
import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcServerStatistics;
import io.mooring.sunrpc.RpcTransport;
import io.mooring.sunrpc.XdrEncoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** An RPC server without sockets. Used by one thread. */
final class FakeServer implements RpcServer {
    private final List<RpcProgram> programs;
    private final int tcpPort;
    private final int udpPort;
    private final List<InetAddress> listeners;
    final List<InetAddress> added = new ArrayList<>();
    final List<InetAddress> removed = new ArrayList<>();
    boolean closed;

    FakeServer(List<RpcProgram> programs, int tcpPort, int udpPort, InetAddress... listeners) {
        this.programs = programs;
        this.tcpPort = tcpPort;
        this.udpPort = udpPort;
        this.listeners = List.of(listeners);
    }

    /** On every address. */
    static FakeServer of(int program, int version, int tcpPort, int udpPort) {
        return new FakeServer(List.of(program(program, version)), tcpPort, udpPort, Registration.ANY_IPV6);
    }

    static RpcProgram program(int number, int version) {
        return new RpcProgram(number, version, "test", List.of(Procedure.nullProcedure()));
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public List<RpcProgram> programs() {
        return programs;
    }

    @Override
    public int tcpPort() {
        return tcpPort;
    }

    @Override
    public int udpPort() {
        return udpPort;
    }

    @Override
    public List<RpcTransport> transports() {
        List<RpcTransport> transports = new ArrayList<>();
        for (InetAddress listener : listeners) {
            Netid netid = Registration.netid(true, listener);
            transports.add(transport(RpcTransport.Kind.PERMANENT, netid, listener, null));
        }
        InetAddress client = FakeCall.address("10.9.9.9");
        transports.add(transport(RpcTransport.Kind.TEMPORARY, Netid.TCP, client, new InetSocketAddress(client, 1)));
        return transports;
    }

    private RpcTransport transport(RpcTransport.Kind kind, Netid netid, InetAddress local, InetSocketAddress remote) {
        InetSocketAddress endpoint = new InetSocketAddress(local, Math.max(tcpPort, 0));
        return new RpcTransport(1, kind, netid, endpoint, remote, Instant.EPOCH, Instant.EPOCH, 0, 0, 0);
    }

    @Override
    public void addressAdded(InetAddress local) {
        added.add(local);
    }

    @Override
    public int closeTransports(InetAddress local) {
        removed.add(local);
        return 1;
    }

    @Override
    public boolean closeTransport(long id) {
        return false;
    }

    @Override
    public RpcClient openClient(RpcClientOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <A> CompletableFuture<Void> send(OneWayCall call, XdrEncoder<A> encoder, A arguments) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RpcServerStatistics statistics() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public MooredAddress moor(InetAddress local, AddressKeeper keeper) {
        throw new UnsupportedOperationException();
    }
}
