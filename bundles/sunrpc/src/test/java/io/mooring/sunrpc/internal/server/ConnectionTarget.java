package io.mooring.sunrpc.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.Procedure.Execution;
import io.mooring.sunrpc.Procedure.Replay;
import io.mooring.sunrpc.RpcBuffer;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.RpcServerOptions.Limits;
import io.mooring.sunrpc.XdrWriter;
import io.mooring.sunrpc.internal.FuzzTarget;
import io.mooring.sunrpc.internal.replay.ReplayCache;
import io.mooring.sunrpc.internal.transport.TransportRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.assertj.core.util.Throwables;
import org.slf4j.Logger;

/**
 * Any bytes of a connection, from the record marks through the dispatcher and the duplicate-request cache to the
 * replies: no failure beyond those of the protocol, calls and bytes in flight within their bounds and in the end none,
 * and every buffer given back.
 */
public final class ConnectionTarget implements FuzzTarget {
    private static final int READ = 20;
    private static final int REFUSE = 21;
    private static final List<RpcException.Answer> ANSWERS = List.of(RpcException.Answer.values());
    private static final int MAX_REPLY = 4 << 10;
    private static final Limits LIMITS =
            new Limits(8 << 10, 10, 4, 32 << 10, 8, 64 << 10, 1, Duration.ZERO, 8, 8 << 10);
    /** Half of the bytes in flight is for requests; what one dispatch adds comes on top, and read buffers. */
    private static final long ALLOWED_BYTES = 3 * (64 << 10);

    private final List<String> failures = new ArrayList<>();
    private final ArrayDeque<Runnable> work = new ArrayDeque<>();
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);

    /** The first byte seeds the sizes of the pieces, the second when workers run, and the rest is sent. */
    @Override
    public void run(byte[] input) throws Exception {
        if (input.length < 2) {
            return;
        }
        InFlight inFlight = new InFlight(LIMITS);
        EmbeddedSocket channel = new EmbeddedSocket(allocator);
        channel.pipeline().addLast(new TcpConnection(shared(inFlight), channel));
        feed(channel, inFlight, input, stream(input));
        runWork(channel, Integer.MAX_VALUE);
        assertThat(channel.isOpen() ? inFlight.calls() : 0)
                .as("calls without end")
                .isZero();
        channel.finishAndReleaseAll();
        runWork(channel, Integer.MAX_VALUE);
        channel.runPendingTasks();
        assertThat(failures).isEmpty();
        assertThat(inFlight.calls()).isZero();
        assertThat(inFlight.bytes()).isZero();
        assertThat(used()).as("bytes leaked").isZero();
    }

    /** Bytes as they are, or as calls that are right but for their procedure and arguments. */
    private static byte[] stream(byte[] input) {
        byte[] bytes = Arrays.copyOfRange(input, 2, input.length);
        if ((input[1] & 1) == 0) {
            return bytes;
        }
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        int at = 0;
        while (at + 3 <= bytes.length) {
            int length = Math.min(Byte.toUnsignedInt(bytes[at + 2]), bytes.length - at - 3);
            byte[] arguments = Arrays.copyOfRange(bytes, at + 3, at + 3 + length);
            stream.writeBytes(RawConnection.record(
                    RawConnection.call(bytes[at], 3, Math.floorMod(bytes[at + 1], 24), arguments)));
            at += 3 + length;
        }
        return stream.toByteArray();
    }

    private void feed(EmbeddedSocket channel, InFlight inFlight, byte[] input, byte[] stream) {
        int sizes = input[0];
        int at = 0;
        while (at < stream.length && channel.isOpen()) {
            sizes = sizes * 1_103_515_245 + 12_345;
            int length = Math.min(1 + (sizes >>> 16) % ((input[1] & 2) == 0 ? 8 : 2048), stream.length - at);
            ByteBuf read = allocator.buffer(Math.max(length, sizes >>> 8 & 1023));
            channel.writeInbound(read.writeBytes(stream, at, length));
            at += length;
            if ((sizes & 3) == 0) {
                runWork(channel, 1 + (sizes >>> 4 & 3));
            }
            if ((sizes & 4) == 0) {
                channel.releaseOutbound();
            }
            assertThat(inFlight.calls()).isLessThanOrEqualTo(LIMITS.calls());
            assertThat(inFlight.bytes()).isLessThanOrEqualTo(LIMITS.bytes());
            assertThat(used()).as("bytes allocated").isLessThanOrEqualTo(ALLOWED_BYTES + 2L * stream.length);
        }
    }

    /** The workers, when the input wants it. */
    private void runWork(EmbeddedSocket channel, int calls) {
        for (int n = 0; n < calls && !work.isEmpty(); n++) {
            work.poll().run();
            channel.runPendingTasks();
            channel.releaseOutbound();
        }
    }

    private long used() {
        return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    }

    private ServerShared shared(InFlight inFlight) {
        ServerCounters counters = new ServerCounters();
        ServerLog log = new ServerLog(recorder());
        ReplayCache<ServerCall> replies = new ReplayCache<>(LIMITS.replayEntries(), LIMITS.replayBytes());
        ProgramTable programs = new ProgramTable(List.of(program()));
        TransportRegistry registry = new TransportRegistry(LIMITS.maxConnections(), address -> true);
        return new ServerShared(
                "fuzz",
                LIMITS,
                new AtomicLong()::incrementAndGet,
                Clock.systemUTC(),
                inFlight,
                new InFlight(LIMITS),
                counters,
                registry,
                new Moorings(LIMITS, registry, new Notes(programs), log),
                new Dispatcher(programs, replies, work::add, counters, log),
                log);
    }

    /** The procedures of the other tests that need nobody to let them go on, and two that do not fail by themselves. */
    private static RpcProgram program() {
        List<Procedure<?, ?>> procedures = new ArrayList<>(new TestProgram()
                .programs().get(0).procedures().stream()
                        .filter(p -> Stream.of(0, TestProgram.ECHO, TestProgram.COUNT, TestProgram.CHECKSUM)
                                .anyMatch(n -> n == p.number()))
                        .toList());
        procedures.add(new Procedure<>(
                READ,
                "READ",
                r -> Math.floorMod(r.readInt(), MAX_REPLY),
                RpcCall::allocate,
                (RpcBuffer data, XdrWriter w) -> w.writeOpaque(data, data.nio().capacity()),
                Replay.CACHED,
                Execution.WORKER));
        procedures.add(new Procedure<>(
                REFUSE,
                "REFUSE",
                r -> ANSWERS.get(Math.floorMod(r.readInt(), ANSWERS.size())),
                (call, answer) -> {
                    throw new RpcException(answer, "as the test wants");
                },
                (none, w) -> {},
                Replay.CACHED,
                Execution.WORKER));
        return new RpcProgram(TestProgram.NUMBER, 3, "fuzz", procedures);
    }

    /** Keeps what the server logs with a stack trace: an exception that somebody caught. */
    private Logger recorder() {
        return (Logger) Proxy.newProxyInstance(
                Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("warn") && arguments[1] instanceof Throwable failure) {
                        failures.add(arguments[0] + ": " + Throwables.getStackTrace(failure));
                    }
                    return null;
                });
    }
}
