package io.mooring.sunrpc.commands;

import io.mooring.sunrpc.AddressKeeper;
import io.mooring.sunrpc.MooredAddress;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.OneWayCall;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcServerStatistics;
import io.mooring.sunrpc.RpcTransport;
import io.mooring.sunrpc.XdrEncoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** An RPC server without sockets. Used by one thread. */
final class FakeServer implements RpcServer {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final String name;
    private final List<RpcProgram> programs;
    private final int tcpPort;
    private final int udpPort;
    private final List<RpcTransport> transports = new ArrayList<>();
    final List<InetAddress> added = new ArrayList<>();
    RpcServerStatistics statistics = new RpcServerStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());

    FakeServer(String name, int tcpPort, int udpPort, RpcProgram... programs) {
        this.name = name;
        this.programs = List.of(programs);
        this.tcpPort = tcpPort;
        this.udpPort = udpPort;
    }

    FakeServer with(long id, RpcTransport.Kind kind, Netid netid, String local, String remote) {
        Instant used = START.plusSeconds(50);
        transports.add(new RpcTransport(id, kind, netid, endpoint(local), endpoint(remote), START, used, 7, 700, 7000));
        return this;
    }

    private static InetSocketAddress endpoint(String text) {
        if (text == null) {
            return null;
        }
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(address(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
    }

    static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public String name() {
        return name;
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
        return List.copyOf(transports);
    }

    @Override
    public void addressAdded(InetAddress local) {
        added.add(local);
    }

    @Override
    public int closeTransports(InetAddress local) {
        int before = transports.size();
        transports.removeIf(t -> t.kind() != RpcTransport.Kind.PERMANENT
                && t.local().getAddress().equals(local));
        return before - transports.size();
    }

    @Override
    public boolean closeTransport(long id) {
        return transports.removeIf(t -> t.id() == id);
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
        return statistics;
    }

    @Override
    public void close() {}

    @Override
    public MooredAddress moor(InetAddress local, AddressKeeper keeper) {
        throw new UnsupportedOperationException();
    }
}
