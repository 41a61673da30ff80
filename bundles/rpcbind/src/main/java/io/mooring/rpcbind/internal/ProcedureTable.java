package io.mooring.rpcbind.internal;

import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.Procedure.Execution;
import io.mooring.sunrpc.Procedure.Replay;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrEncoder;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds the table of one version, counting the calls of each procedure. Used by one thread; nothing in the tables
 * blocks, so that all of it runs on the event loop.
 */
final class ProcedureTable {
    private final int version;
    private final Counters counters;
    private final List<Procedure<?, ?>> procedures = new ArrayList<>();

    ProcedureTable(int version, Counters counters) {
        this.version = version;
        this.counters = counters;
        add(0, "NULL", r -> null, (call, none) -> null, (none, w) -> {});
    }

    <A, R> ProcedureTable add(
            int number, String name, XdrDecoder<A> decoder, Procedure.Handler<A, R> handler, XdrEncoder<R> encoder) {
        return add(number, name, decoder, handler, encoder, Replay.IDEMPOTENT);
    }

    /** A procedure that changes the table: a retransmitted UNSET must not be told that there was nothing. */
    <A> ProcedureTable addChange(
            int number, String name, XdrDecoder<A> decoder, Procedure.Handler<A, Boolean> handler) {
        return add(number, name, decoder, handler, (done, w) -> w.writeBool(done), Replay.CACHED);
    }

    /**
     * An indirect call, which is always refused: it makes the server an amplifier, and hides the true caller from the
     * program called. Over UDP, where the sender may be forged, it is dropped (RFC 1833 §2.2.1 and §3.2 want no answer
     * to one that fails).
     */
    ProcedureTable addRefused(int number, String name) {
        return add(number, name, r -> null, (call, none) -> refuse(call), (none, w) -> {});
    }

    RpcProgram program() {
        return new RpcProgram(Portmap2.PROGRAM, version, "portmapper", procedures);
    }

    private <A, R> ProcedureTable add(
            int number,
            String name,
            XdrDecoder<A> decoder,
            Procedure.Handler<A, R> handler,
            XdrEncoder<R> encoder,
            Replay replay) {
        Procedure.Handler<A, R> counted = (call, arguments) -> {
            counters.called(version, number);
            return handler.handle(call, arguments);
        };
        procedures.add(new Procedure<>(number, name, decoder, counted, encoder, replay, Execution.EVENT_LOOP));
        return this;
    }

    private static Void refuse(RpcCall call) throws RpcException {
        throw call.transport().isTcp()
                ? new RpcException(RpcException.Answer.PROC_UNAVAIL, "no indirect calls")
                : new RpcException(RpcException.Answer.NO_REPLY, "no indirect calls");
    }

    /** The netid that a call came by; an IPv4 call to an IPv6 wildcard socket is IPv4. */
    static Netid netid(RpcCall call) {
        return Registration.netid(call.transport().isTcp(), calledAt(call));
    }

    static InetAddress calledAt(RpcCall call) {
        return call.localAddress().getAddress();
    }
}
