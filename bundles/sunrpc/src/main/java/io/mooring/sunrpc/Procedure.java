package io.mooring.sunrpc;

import java.net.InetAddress;

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
 * @param recovery reads what the handler noted; null where it notes nothing
 */
public record Procedure<A, R>(
        int number,
        String name,
        XdrDecoder<A> decoder,
        Handler<A, R> handler,
        XdrEncoder<R> encoder,
        Replay replay,
        Execution execution,
        Recovery<A, R> recovery) {

    /** One that notes nothing. */
    public Procedure(
            int number,
            String name,
            XdrDecoder<A> decoder,
            Handler<A, R> handler,
            XdrEncoder<R> encoder,
            Replay replay,
            Execution execution) {
        this(number, name, decoder, handler, encoder, replay, execution, null);
    }

    /** Does a procedure's work. Any unchecked exception is logged and answered with SYSTEM_ERR. */
    @FunctionalInterface
    public interface Handler<A, R> {
        R handle(RpcCall call, A arguments) throws RpcException;
    }

    /** Finds out what became of a call that was {@linkplain RpcCall#note noted} and never answered: its server was killed. */
    @FunctionalInterface
    public interface Recovery<A, R> {
        /**
         * Called before the address is served again, so that nobody can have changed anything since.
         *
         * @param local the address that the call came to
         * @return the call's result, where it is sure to have been carried out, and is on stable storage now; null: it has
         *     not, or that is not to be told, and it is executed when it comes again
         */
        R recover(InetAddress local, A arguments, XdrReader note) throws XdrException;
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
