package io.mooring.sunrpc;

import java.util.List;

/**
 * Counters since the server was opened.
 *
 * @param accepted temporary transports accepted
 * @param refused connections reset at once for {@code maxConnections}
 * @param closedByAddress transports closed by {@link RpcServer#closeTransports}
 * @param closedIdle transports closed by the aging timer
 * @param badRecords connections closed for a record that was too long, or no RPC call, and datagrams that were none
 * @param rpcErrors calls answered at the RPC level
 * @param replays calls answered from the duplicate-request cache
 * @param callsInFlight calls being worked on now
 * @param bytesInFlight their bytes, and those of unsent replies
 * @param procedures one row per procedure that was called
 */
public record RpcServerStatistics(
        long accepted,
        long refused,
        long closedByAddress,
        long closedIdle,
        long badRecords,
        long rpcErrors,
        long replays,
        int callsInFlight,
        long bytesInFlight,
        List<ProcedureStatistics> procedures) {

    /**
     * One procedure's counters.
     *
     * @param program name as in rpc(5)
     * @param calls calls that reached the handler
     * @param totalNanos time spent in it, nanoseconds
     */
    public record ProcedureStatistics(String program, int version, String procedure, long calls, long totalNanos) {}
}
