package io.mooring.failover.internal.machine;

import io.mooring.sunrpc.AddressKeeper;
import io.mooring.sunrpc.KeptReply;
import io.mooring.sunrpc.MooredAddress;
import io.mooring.sunrpc.OneWayCall;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcServerStatistics;
import io.mooring.sunrpc.RpcTransport;
import io.mooring.sunrpc.XdrEncoder;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** A server that has addresses, and nothing else. Used by one thread. */
final class FakeServer implements RpcServer {
    final String name;
    final List<String> events;
    final Map<InetAddress, FakeAddress> addresses = new HashMap<>();
    final List<RpcTransport> transports = new ArrayList<>();
    final List<Long> closed = new ArrayList<>();
    /** What is known of a call that was noted: nothing. */
    UnaryOperator<KeptReply> recover = note -> note.with(true, new byte[0]);

    FakeServer(String name, List<String> events) {
        this.name = name;
        this.events = events;
    }

    FakeAddress address(InetAddress address) {
        return addresses.get(address);
    }

    @Override
    public MooredAddress moor(InetAddress local, AddressKeeper keeper) {
        FakeAddress moored = new FakeAddress(local, keeper);
        if (addresses.putIfAbsent(local, moored) != null) {
            throw new IllegalStateException(local.getHostAddress() + " is in somebody's care already");
        }
        return moored;
    }

    /** One of its addresses. */
    final class FakeAddress implements MooredAddress {
        final InetAddress local;
        final AddressKeeper keeper;
        final List<KeptReply> replies = new ArrayList<>();
        CompletableFuture<Void> quiet = CompletableFuture.completedFuture(null);
        boolean open;

        FakeAddress(InetAddress local, AddressKeeper keeper) {
            this.local = local;
            this.keeper = keeper;
        }

        private void note(String what) {
            events.add(what + " " + name);
        }

        @Override
        public void open() {
            open = true;
            note("open");
        }

        @Override
        public CompletableFuture<Void> hold() {
            if (open) {
                note("hold");
            }
            open = false;
            return quiet;
        }

        @Override
        public int callsUnderWay() {
            return quiet.isDone() ? 0 : 1;
        }

        @Override
        public KeptReply restore(KeptReply kept) {
            KeptReply known = kept.note() ? recover.apply(kept) : kept;
            if (!known.note()) {
                replies.add(known);
            }
            return known;
        }

        @Override
        public List<KeptReply> kept() {
            return List.copyOf(replies);
        }

        @Override
        public void forget() {
            replies.clear();
        }

        @Override
        public void close() {
            addresses.remove(local);
            note("let go");
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<RpcProgram> programs() {
        return List.of();
    }

    @Override
    public int tcpPort() {
        return 2049;
    }

    @Override
    public int udpPort() {
        return -1;
    }

    @Override
    public List<RpcTransport> transports() {
        return List.copyOf(transports);
    }

    @Override
    public void addressAdded(InetAddress local) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int closeTransports(InetAddress local) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean closeTransport(long id) {
        return closed.add(id);
    }

    @Override
    public RpcClient openClient(RpcClientOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RpcServerStatistics statistics() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    @Override
    public <A> CompletableFuture<Void> send(OneWayCall call, XdrEncoder<A> encoder, A arguments) {
        throw new UnsupportedOperationException();
    }
}
