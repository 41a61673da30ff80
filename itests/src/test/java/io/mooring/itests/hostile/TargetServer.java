package io.mooring.itests.hostile;

import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.Procedure.Execution;
import io.mooring.sunrpc.Procedure.Replay;
import io.mooring.sunrpc.RpcBuffer;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcServerOptions;
import io.mooring.sunrpc.RpcServerOptions.Limits;
import io.mooring.sunrpc.RpcServerStatistics;
import io.mooring.sunrpc.RpcTransports;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The server that is attacked, in a JVM of its own, so that what is measured is its memory and not the attackers'. Prints
 * its port, and ends when its input ends: with the test, however that ends.
 */
final class TargetServer {
    static final int PROGRAM = 0x20000002;
    static final int VERSION = 1;
    /** Answers what it got. */
    static final int ECHO = 1;
    /** Answers that many bytes. */
    static final int READ = 2;
    /** Answers {@link ServerState}. */
    static final int STATE = 3;

    static final Limits LIMITS = new Limits(
            (1 << 20) + (64 << 10), 6000, 64, 4 << 20, 1024, 64L << 20, 8, Duration.ofMinutes(6), 1024, 4L << 20);

    private final CompletableFuture<RpcServer> server = new CompletableFuture<>();

    private TargetServer() {}

    public static void main(String[] arguments) throws IOException {
        TargetServer target = new TargetServer();
        RpcServerOptions options = new RpcServerOptions(
                "target", List.of(target.program()), List.of(InetAddress.getLoopbackAddress()), 0, -1, LIMITS);
        try (RpcTransports transports = RpcTransports.open();
                RpcServer server = transports.openServer(options)) {
            target.server.complete(server);
            System.out.println(server.tcpPort());
            while (System.in.read() >= 0) {
                // Nothing is ever said.
            }
        }
    }

    private RpcProgram program() {
        return new RpcProgram(
                PROGRAM,
                VERSION,
                "target",
                List.of(
                        Procedure.nullProcedure(),
                        new Procedure<>(
                                ECHO,
                                "ECHO",
                                r -> r.readOpaque(LIMITS.maxRecordBytes()),
                                (call, bytes) -> bytes,
                                (bytes, w) -> w.writeOpaque(bytes),
                                Replay.IDEMPOTENT,
                                Execution.WORKER),
                        new Procedure<>(
                                READ,
                                "READ",
                                r -> r.readInt(),
                                (call, size) -> read(call, size),
                                (data, w) -> w.writeOpaque(data, data.nio().capacity()),
                                Replay.IDEMPOTENT,
                                Execution.WORKER),
                        new Procedure<>(
                                STATE,
                                "STATE",
                                r -> null,
                                (call, none) -> state(),
                                (state, w) -> state.write(w),
                                Replay.IDEMPOTENT,
                                Execution.EVENT_LOOP)));
    }

    private static RpcBuffer read(RpcCall call, int size) {
        return call.allocate(Math.floorMod(size, 1 + (1 << 20)));
    }

    private ServerState state() {
        RpcServerStatistics statistics = server.join().statistics();
        Runtime heap = Runtime.getRuntime();
        return new ServerState(
                statistics.bytesInFlight(),
                PlatformDependent.usedDirectMemory(),
                heap.totalMemory() - heap.freeMemory(),
                server.join().transports().size(),
                statistics.accepted(),
                statistics.badRecords());
    }
}
