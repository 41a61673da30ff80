package io.mooring.sunrpc.internal.server;

import java.util.concurrent.atomic.LongAdder;

/** What {@link io.mooring.sunrpc.RpcServerStatistics} counts. Thread-safe. */
final class ServerCounters {
    final LongAdder accepted = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder closedByAddress = new LongAdder();
    final LongAdder closedIdle = new LongAdder();
    final LongAdder badRecords = new LongAdder();
    final LongAdder rpcErrors = new LongAdder();
    final LongAdder replays = new LongAdder();
}
