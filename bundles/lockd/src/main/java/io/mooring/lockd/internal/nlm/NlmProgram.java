package io.mooring.lockd.internal.nlm;

import io.mooring.lockd.internal.locks.Durability;
import io.mooring.lockd.internal.peer.PeerCalls;
import io.mooring.lockd.internal.peer.PeerCalls.Peer;
import io.mooring.lockd.internal.wire.Nlm4;
import io.mooring.lockd.internal.wire.Nlm4.CancArgs;
import io.mooring.lockd.internal.wire.Nlm4.Item;
import io.mooring.lockd.internal.wire.Nlm4.ItemDecoder;
import io.mooring.lockd.internal.wire.Nlm4.LockArgs;
import io.mooring.lockd.internal.wire.Nlm4.Notify;
import io.mooring.lockd.internal.wire.Nlm4.Res;
import io.mooring.lockd.internal.wire.Nlm4.ShareArgs;
import io.mooring.lockd.internal.wire.Nlm4.TestArgs;
import io.mooring.lockd.internal.wire.Nlm4.TestRes;
import io.mooring.lockd.internal.wire.Nlm4.UnlockArgs;
import io.mooring.lockd.internal.wire.NlmVersion;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.Procedure.Execution;
import io.mooring.sunrpc.Procedure.Replay;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.RpcProgram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * NLM as tables: X/Open C702 chapter 10 and RFC 1813 appendix II. Each of the first five procedures exists three times: with
 * its result as reply; as a message without one; and as the message that brings the result. Stateless.
 */
public final class NlmProgram {
    static final int TEST = 1;
    static final int LOCK = 2;
    static final int CANCEL = 3;
    static final int UNLOCK = 4;
    static final int GRANTED = 5;
    static final int GRANTED_MSG = 10;

    /** From a procedure to the same as a message, and on to its result. */
    static final int MSG = 5;

    private static final Logger LOG = LoggerFactory.getLogger(NlmProgram.class);

    private final NlmVersion version;
    private final NlmProcedures nlm;
    private final GrantedCalls grants;
    private final PeerCalls peers;
    private final Durability durability;
    private final List<Procedure<?, ?>> rows = new ArrayList<>();

    /** Does a procedure's work. */
    @FunctionalInterface
    interface Work<A, R> {
        R answer(Request request, A args) throws RpcException;
    }

    private NlmProgram(
            NlmVersion version, NlmProcedures nlm, GrantedCalls grants, PeerCalls peers, Durability durability) {
        this.version = version;
        this.nlm = nlm;
        this.grants = grants;
        this.peers = peers;
        this.durability = durability;
    }

    /** All versions. */
    public static List<RpcProgram> of(NlmProcedures nlm, GrantedCalls grants, PeerCalls peers, Durability durability) {
        return Arrays.stream(NlmVersion.values())
                .map(version -> new NlmProgram(version, nlm, grants, peers, durability).table())
                .toList();
    }

    private RpcProgram table() {
        rows.add(Procedure.nullProcedure());
        triple(TEST, "TEST", TestArgs::read, nlm::test, Replay.IDEMPOTENT);
        triple(LOCK, "LOCK", LockArgs::read, nlm::lock, Replay.KEPT);
        triple(CANCEL, "CANCEL", CancArgs::read, nlm::cancel, Replay.KEPT);
        triple(UNLOCK, "UNLOCK", UnlockArgs::read, nlm::unlock, Replay.KEPT);
        triple(GRANTED, "GRANTED", TestArgs::read, nlm::granted, Replay.IDEMPOTENT);
        result(TEST, "TEST_RES", TestRes::read);
        result(LOCK, "LOCK_RES", Res::read);
        result(CANCEL, "CANCEL_RES", Res::read);
        result(UNLOCK, "UNLOCK_RES", Res::read);
        rows.add(row(GRANTED + 2 * MSG, "GRANTED_RES", Res::read, this::grantedRes, Replay.IDEMPOTENT));
        if (version.hasShares()) {
            rows.add(row(20, "SHARE", ShareArgs::read, nlm::share, Replay.KEPT));
            rows.add(row(21, "UNSHARE", ShareArgs::read, nlm::unshare, Replay.KEPT));
            rows.add(row(22, "NM_LOCK", LockArgs::read, nlm::nmLock, Replay.KEPT));
            rows.add(row(23, "FREE_ALL", Notify::read, nlm::freeAll, Replay.KEPT));
        }
        return new RpcProgram(Nlm4.PROGRAM, version.number(), "nlockmgr", rows);
    }

    /** The procedure, and the message; a message that comes again is done again, so that its result is sent again. */
    private <A, R extends Item> void triple(
            int number, String name, ItemDecoder<A> decoder, Work<A, R> work, Replay replay) {
        rows.add(row(number, name, decoder, work, replay));
        rows.add(new Procedure<A, Void>(
                number + MSG,
                name + "_MSG",
                r -> decoder.read(r, version),
                (call, args) -> {
                    Request request = new Request(call, version, true);
                    sendResult(request, number + 2 * MSG, answer(work, request, args, replay));
                    return null;
                },
                (none, w) -> {},
                Replay.IDEMPOTENT,
                Execution.WORKER));
    }

    private <A, R extends Item> Procedure<A, R> row(
            int number, String name, ItemDecoder<A> decoder, Work<A, R> work, Replay replay) {
        return new Procedure<>(
                number,
                name,
                r -> decoder.read(r, version),
                (call, args) -> answer(work, new Request(call, version, false), args, replay),
                (result, w) -> result.write(w, version),
                replay,
                Execution.WORKER);
    }

    /** What is kept changed something: nobody is told of it before it is on stable storage, where it has to be there. */
    private <A, R> R answer(Work<A, R> work, Request request, A args, Replay replay) throws RpcException {
        if (replay != Replay.KEPT) {
            return work.answer(request, args);
        }
        Durability.Snapshot before = durability.begin(request.service());
        R result = work.answer(request, args);
        before.await(request.service());
        return result;
    }

    /** A result that nobody here waits for: this is no client. */
    private <A> void result(int number, String name, ItemDecoder<A> decoder) {
        rows.add(row(number + 2 * MSG, name, decoder, (request, args) -> NlmProcedures.NOTHING, Replay.IDEMPOTENT));
    }

    private Item grantedRes(Request request, Res res) {
        grants.answered(request.client(), res);
        return NlmProcedures.NOTHING;
    }

    private void sendResult(Request request, int procedure, Item result) {
        RpcCall call = request.call();
        Netid netid = call.transport().isTcp() ? Netid.TCP : Netid.UDP;
        Peer peer = new Peer(request.client(), request.service(), netid, Nlm4.PROGRAM, version.number());
        var unused = peers.send(peer, procedure, (item, w) -> item.write(w, version), result)
                .whenComplete((none, failure) -> {
                    // It asks again when the result does not come.
                    if (failure != null && !(failure instanceof RpcException)) {
                        LOG.debug("lockd: {} cannot be sent a result", request.client(), failure);
                    }
                });
    }
}
