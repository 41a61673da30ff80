package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.AddressKeeper;
import io.mooring.sunrpc.KeptReply;
import io.mooring.sunrpc.MooredAddress;
import io.mooring.sunrpc.internal.replay.ReplayCache;
import io.mooring.sunrpc.internal.replay.ReplayKey;
import io.mooring.sunrpc.internal.transport.AddressKey;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** An address in somebody's care: its gate, its duplicate-request cache, and who looks after it. Thread-safe. */
final class Moored implements MooredAddress {
    private final Moorings moorings;
    private final AddressKey key;
    private final AddressKeeper keeper;
    private final ReplayCache<ServerCall> replies;
    private final ServerLog log;
    /** Replaced under this object's monitor. */
    private volatile Gate gate = Gate.shutFromTheBeginning();
    /** Set under this object's monitor. */
    private volatile boolean closed;

    Moored(Moorings moorings, AddressKey key, AddressKeeper keeper, ReplayCache<ServerCall> replies, ServerLog log) {
        this.moorings = moorings;
        this.key = key;
        this.keeper = keeper;
        this.replies = replies;
        this.log = log;
    }

    AddressKey key() {
        return key;
    }

    /** Through which a call must go that comes now. */
    Gate gate() {
        return gate;
    }

    boolean isHeld() {
        return gate.isShut();
    }

    ReplayCache<ServerCall> replies() {
        return replies;
    }

    @Override
    public void open() {
        synchronized (this) {
            if (closed || !gate.isShut()) {
                return;
            }
            gate = gate.successor();
        }
        moorings.regate(key);
    }

    @Override
    public CompletableFuture<Void> hold() {
        Gate shut;
        synchronized (this) {
            shut = gate;
            if (closed) {
                return CompletableFuture.failedFuture(new IllegalStateException(key + " is in nobody's care"));
            }
            shut.shut();
        }
        moorings.regate(key);
        return shut.drained();
    }

    @Override
    public int callsUnderWay() {
        return gate.inside();
    }

    @Override
    public void restore(KeptReply reply) {
        ReplayKey call = new ReplayKey(
                AddressKey.of(reply.client()).address(),
                reply.xid(),
                reply.program(),
                reply.version(),
                reply.procedure(),
                reply.argumentBytes(),
                reply.checksum());
        replies.restore(call, reply.reply());
    }

    @Override
    public List<KeptReply> kept() {
        List<KeptReply> kept = new ArrayList<>();
        replies.forEachKept((call, reply) -> kept.add(keptReply(call, reply)));
        return kept;
    }

    @Override
    public void forget() {
        replies.forget();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (gate.isShut()) {
                gate = gate.successor();
            }
        }
        moorings.letGo(this);
    }

    /** Asks the keeper; whoever is not looked after any more may be served. */
    boolean mayServe() {
        try {
            return closed || keeper.mayServe();
        } catch (RuntimeException e) {
            log.keepers.warn(failed("mayServe"), e);
            return false;
        }
    }

    /** Gives the keeper the reply to a call that is under way; false where it must not be sent. */
    boolean keep(ReplayKey call, byte[] reply) {
        if (closed) {
            return true;
        }
        replies.keeping(call, reply);
        try {
            return keeper.keep(keptReply(call, reply));
        } catch (RuntimeException e) {
            log.keepers.warn(failed("keep"), e);
            return false;
        }
    }

    void connected(InetSocketAddress client, InetSocketAddress local) {
        try {
            if (!closed) {
                keeper.connected(client, local);
            }
        } catch (RuntimeException e) {
            log.keepers.warn(failed("connected"), e);
        }
    }

    void disconnected(InetSocketAddress client, InetSocketAddress local) {
        try {
            if (!closed) {
                keeper.disconnected(client, local);
            }
        } catch (RuntimeException e) {
            log.keepers.warn(failed("disconnected"), e);
        }
    }

    private String failed(String what) {
        return "the keeper of " + key + " failed at " + what;
    }

    private static KeptReply keptReply(ReplayKey call, byte[] reply) {
        return new KeptReply(
                call.client(),
                call.xid(),
                call.program(),
                call.version(),
                call.procedure(),
                call.argumentBytes(),
                call.checksum(),
                reply);
    }
}
