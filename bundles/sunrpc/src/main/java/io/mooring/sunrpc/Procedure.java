package io.mooring.sunrpc;

/**
 * One row of a program's procedure table.
 *
 * @param number the procedure's number; 0 is NULL
 * @param name the RFC's name in capitals ("GETATTR")
 * @param decoder reads the arguments; bytes left over are ignored
 * @param handler does the work
 * @param encoder writes the result; not called when the handler throws
 * @param replay what a retransmitted call gets
 * @param execution where the handler runs
 */
public record Procedure<A, R>(
        int number,
        String name,
        XdrDecoder<A> decoder,
        Handler<A, R> handler,
        XdrEncoder<R> encoder,
        Replay replay,
        Execution execution) {

    /** Does a procedure's work. Any unchecked exception is logged and answered with SYSTEM_ERR. */
    @FunctionalInterface
    public interface Handler<A, R> {
        R handle(RpcCall call, A arguments) throws RpcException;
    }

    /** What a retransmitted call gets. */
    public enum Replay {
        /** It is executed again. */
        IDEMPOTENT,
        /** It gets the first reply from the duplicate-request cache. */
        CACHED,
        /** Likewise; where its address is {@linkplain RpcServer#moor moored}, also from the next node that has the address. */
        KEPT
    }

    /** Where the handler runs. */
    public enum Execution {
        /** On the connection's event loop: it must not block, not even on a disk. */
        EVENT_LOOP,
        /** On the server's worker pool. */
        WORKER
    }

    /** The NULL procedure, which every program has. */
    public static Procedure<Void, Void> nullProcedure() {
        return new Procedure<>(
                0, "NULL", r -> null, (call, none) -> null, (v, w) -> {}, Replay.IDEMPOTENT, Execution.EVENT_LOOP);
    }
}
