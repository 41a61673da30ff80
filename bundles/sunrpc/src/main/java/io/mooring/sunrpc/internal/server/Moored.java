package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.AddressKeeper;
import io.mooring.sunrpc.KeptReply;
import io.mooring.sunrpc.MooredAddress;
import io.mooring.sunrpc.XdrException;
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
    private final Notes notes;
    private final ServerLog log;
    /** Replaced under this object's monitor. */
    private volatile Gate gate = Gate.shutFromTheBeginning();
    /** Set under this object's monitor. */
    private volatile boolean closed;

    Moored(Moorings moorings, AddressKey key, AddressKeeper keeper, Books books, ServerLog log) {
        this.moorings = moorings;
        this.key = key;
        this.keeper = keeper;
        this.replies = books.replies();
        this.notes = books.notes();
        this.log = log;
    }

    /** What it remembers calls by. */
    record Books(ReplayCache<ServerCall> replies, Notes notes) {}

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
    public KeptReply restore(KeptReply kept) {
        KeptReply known = kept.note() ? recovered(kept) : kept;
        if (!known.note()) {
            ReplayKey call = new ReplayKey(
                    AddressKey.of(known.client()).address(),
                    known.xid(),
                    known.program(),
                    known.version(),
                    known.procedure(),
                    known.argumentBytes(),
                    known.checksum());
            replies.restore(call, known.reply());
        }
        return known;
    }

    private KeptReply recovered(KeptReply note) {
        byte[] reply = null;
        try {
            reply = notes.reply(key.address(), note);
        } catch (XdrException | RuntimeException e) {
            log.keepers.warn("what was noted of a call by " + key + " is of no use: it is executed again", e);
        }
        return reply == null ? note.with(true, new byte[0]) : note.with(false, reply);
    }

    @Override
    public List<KeptReply> kept() {
        List<KeptReply> kept = new ArrayList<>();
        replies.forEachKept((call, reply, note) -> kept.add(keptReply(call, reply, note)));
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
        return keep(call, reply, false);
    }

    /** Gives the keeper what was noted of a call that is under way; where it cannot keep that, it will keep no reply either. */
    void note(ReplayKey call, byte[] arguments, byte[] text) {
        var unused = keep(call, Notes.write(arguments, text), true);
    }

    private boolean keep(ReplayKey call, byte[] reply, boolean note) {
        if (closed) {
            return true;
        }
        if (reply.length > KeptReply.MAX_BYTES) {
            log.keepers.warn((note ? "a note of " : "a reply of ") + reply.length + " bytes to " + call.client()
                    + " by " + key + " is not kept: " + KeptReply.MAX_BYTES + " are the most");
            return false;
        }
        replies.keeping(call, reply, note);
        try {
            return keeper.keep(keptReply(call, reply, note));
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

    private static KeptReply keptReply(ReplayKey call, byte[] reply, boolean note) {
        return new KeptReply(
                call.client(),
                call.xid(),
                call.program(),
                call.version(),
                call.procedure(),
                call.argumentBytes(),
                call.checksum(),
                note,
                reply);
    }
}
