package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.RpcServerStatistics.ProcedureStatistics;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.internal.wire.ReplyMessage;
import io.mooring.sunrpc.internal.xdr.ByteBufXdrWriter;
import java.util.concurrent.atomic.LongAdder;

/** A procedure of a program, with its counters. Thread-safe. */
final class ProcedureEntry<A, R> {
    private final RpcProgram program;
    private final Procedure<A, R> procedure;
    private final LongAdder calls = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    ProcedureEntry(RpcProgram program, Procedure<A, R> procedure) {
        this.program = program;
        this.procedure = procedure;
    }

    boolean isCached() {
        return procedure.replay() != Procedure.Replay.IDEMPOTENT;
    }

    boolean isKept() {
        return procedure.replay() == Procedure.Replay.KEPT;
    }

    boolean mayBlock() {
        return procedure.execution() == Procedure.Execution.WORKER;
    }

    /** Decodes, handles and writes the whole reply. */
    void execute(ServerCall call, ByteBufXdrWriter reply) throws XdrException, RpcException {
        A arguments = procedure.decoder().read(call.arguments());
        long begin = System.nanoTime();
        R result;
        try {
            result = procedure.handler().handle(call, arguments);
        } finally {
            calls.increment();
            nanos.add(System.nanoTime() - begin);
        }
        ReplyMessage.writeAccepted(reply, call.xid(), ReplyMessage.SUCCESS);
        procedure.encoder().write(result, reply);
    }

    /** Writes the reply to a call that was carried out by a server that was killed; false: it is to be executed again. */
    boolean recover(Notes.Note note, int xid, ByteBufXdrWriter reply) throws XdrException {
        if (procedure.recovery() == null) {
            return false;
        }
        A arguments = procedure.decoder().read(XdrReader.of(note.arguments()));
        R result = procedure.recovery().recover(note.local(), arguments, XdrReader.of(note.text()));
        if (result == null) {
            return false;
        }
        ReplyMessage.writeAccepted(reply, xid, ReplyMessage.SUCCESS);
        procedure.encoder().write(result, reply);
        return true;
    }

    ProcedureStatistics statistics() {
        return new ProcedureStatistics(program.name(), program.version(), procedure.name(), calls.sum(), nanos.sum());
    }

    @Override
    public String toString() {
        return program.name() + " v" + program.version() + " " + procedure.name();
    }
}
