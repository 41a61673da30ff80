package io.mooring.lockd.internal.nsm;

import io.mooring.lockd.internal.wire.Sm1;
import io.mooring.lockd.internal.wire.Sm1.Mon;
import io.mooring.lockd.internal.wire.Sm1.MonId;
import io.mooring.lockd.internal.wire.Sm1.MyId;
import io.mooring.lockd.internal.wire.Sm1.SmName;
import io.mooring.lockd.internal.wire.Sm1.SmStat;
import io.mooring.lockd.internal.wire.Sm1.SmStatRes;
import io.mooring.lockd.internal.wire.Sm1.StatChge;
import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.Procedure.Execution;
import io.mooring.sunrpc.Procedure.Handler;
import io.mooring.sunrpc.Procedure.Replay;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrEncoder;
import java.util.List;

/** NSM as a table (X/Open C702 chapter 11). */
public final class NsmProgram {

    private NsmProgram() {}

    /** Version 1, the only one. */
    public static RpcProgram of(NsmProcedures nsm) {
        return new RpcProgram(
                Sm1.PROGRAM,
                Sm1.VERSION,
                "status",
                List.of(
                        Procedure.nullProcedure(),
                        row(Sm1.SM_STAT, "STAT", SmName::read, (c, a) -> nsm.stat(c, a), SmStatRes::write),
                        row(Sm1.SM_MON, "MON", Mon::read, (c, a) -> nsm.mon(c, a), SmStatRes::write),
                        row(Sm1.SM_UNMON, "UNMON", MonId::read, (c, a) -> nsm.unmon(c, a), SmStat::write),
                        row(Sm1.SM_UNMON_ALL, "UNMON_ALL", MyId::read, (c, a) -> nsm.unmonAll(c, a), SmStat::write),
                        row(Sm1.SM_SIMU_CRASH, "SIMU_CRASH", r -> null, (c, a) -> nsm.simuCrash(c, a), (v, w) -> {}),
                        row(Sm1.SM_NOTIFY, "NOTIFY", StatChge::read, (c, a) -> nsm.notify(c, a), (v, w) -> {})));
    }

    private static <A, R> Procedure<A, R> row(
            int number, String name, XdrDecoder<A> decoder, Handler<A, R> handler, XdrEncoder<R> encoder) {
        return new Procedure<>(number, name, decoder, handler, encoder, Replay.IDEMPOTENT, Execution.WORKER);
    }
}
