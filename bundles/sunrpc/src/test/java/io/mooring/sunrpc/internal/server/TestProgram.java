package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.Procedure.Execution;
import io.mooring.sunrpc.Procedure.Replay;
import io.mooring.sunrpc.RpcBuffer;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.RpcProgram;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;
import java.util.function.ToIntFunction;
import java.util.zip.CRC32C;

/** Procedures that do what a test wants. Thread-safe. */
final class TestProgram {
    static final int NUMBER = 0x20000001;
    static final int ECHO = 1;
    static final int COUNT = 2;
    static final int READ = 3;
    static final int GATED_COUNT = 4;
    static final int FAIL = 5;
    static final int CHECKSUM = 6;
    static final int REFUSE = 7;
    static final int WHO = 8;
    static final int KEPT_COUNT = 9;
    static final int HOOKED_KEPT_COUNT = 10;
    static final int HOOKED = 11;
    static final int HOOKED_ON_LOOP = 12;
    static final int NOTED_COUNT = 13;
    static final int UNKEPT_NOTED_COUNT = 14;

    /** What HOOKED_KEPT_COUNT, HOOKED, HOOKED_ON_LOOP and the noted ones do. */
    volatile Runnable hook = () -> {};
    /** What the noted ones make of their argument and note, when the server was killed. */
    volatile BinaryOperator<Integer> recovery = (argument, note) -> null;
    /** How much longer the notes are. */
    volatile int noteBytes;
    /** COUNT, GATED_COUNT, KEPT_COUNT, the noted ones and HOOKED_KEPT_COUNT count here. */
    final AtomicInteger count = new AtomicInteger();
    /** Calls of GATED_COUNT that have begun. */
    final AtomicInteger begun = new AtomicInteger();
    /** Lets calls of GATED_COUNT end. */
    final Semaphore gate = new Semaphore(0);

    /** Version 3 and 5: nobody serves 4. */
    List<RpcProgram> programs() {
        List<Procedure<?, ?>> procedures = List.of(
                Procedure.nullProcedure(),
                new Procedure<>(
                        ECHO,
                        "ECHO",
                        r -> r.readOpaque(1 << 20),
                        (call, bytes) -> bytes,
                        (bytes, w) -> w.writeOpaque(bytes),
                        Replay.IDEMPOTENT,
                        Execution.EVENT_LOOP),
                new Procedure<>(
                        COUNT,
                        "COUNT",
                        r -> r.readInt(),
                        (call, ignored) -> count.incrementAndGet(),
                        (value, w) -> w.writeInt(value),
                        Replay.CACHED,
                        Execution.EVENT_LOOP),
                new Procedure<>(
                        READ,
                        "READ",
                        r -> r.readInt(),
                        TestProgram::read,
                        (data, w) -> w.writeOpaque(data, data.nio().capacity()),
                        Replay.IDEMPOTENT,
                        Execution.WORKER),
                new Procedure<>(
                        GATED_COUNT,
                        "GATED_COUNT",
                        r -> r.readInt(),
                        this::countWhenLet,
                        (value, w) -> w.writeInt(value),
                        Replay.CACHED,
                        Execution.WORKER),
                new Procedure<>(
                        FAIL,
                        "FAIL",
                        r -> null,
                        (call, none) -> {
                            throw new IllegalStateException("as the test wants");
                        },
                        (none, w) -> {},
                        Replay.CACHED,
                        Execution.WORKER),
                new Procedure<>(
                        CHECKSUM,
                        "CHECKSUM",
                        r -> r.readOpaqueBuffers(1 << 20),
                        (call, views) -> checksum(views),
                        (value, w) -> w.writeInt(value),
                        Replay.IDEMPOTENT,
                        Execution.WORKER),
                new Procedure<>(
                        REFUSE,
                        "REFUSE",
                        r -> r.readString(99),
                        (call, answer) -> {
                            throw new RpcException(RpcException.Answer.valueOf(answer), "as the test wants");
                        },
                        (none, w) -> {},
                        Replay.CACHED,
                        Execution.EVENT_LOOP),
                new Procedure<>(
                        WHO,
                        "WHO",
                        r -> null,
                        (call, none) -> call.localAddress() + " " + call.remoteAddress() + " " + call.transport(),
                        (text, w) -> w.writeString(text),
                        Replay.IDEMPOTENT,
                        Execution.EVENT_LOOP),
                counting(KEPT_COUNT, Replay.KEPT, Execution.EVENT_LOOP, call -> count.incrementAndGet()),
                counting(HOOKED_KEPT_COUNT, Replay.KEPT, Execution.WORKER, call -> {
                    hook.run();
                    return count.incrementAndGet();
                }),
                noted(NOTED_COUNT, Replay.KEPT),
                noted(UNKEPT_NOTED_COUNT, Replay.CACHED),
                counting(HOOKED, Replay.IDEMPOTENT, Execution.WORKER, this::runHook),
                counting(HOOKED_ON_LOOP, Replay.IDEMPOTENT, Execution.EVENT_LOOP, this::runHook));
        return List.of(new RpcProgram(NUMBER, 3, "test", procedures), new RpcProgram(NUMBER, 5, "test", procedures));
    }

    private static Procedure<?, ?> counting(
            int number, Replay replay, Execution execution, ToIntFunction<RpcCall> counter) {
        return new Procedure<>(
                number,
                "COUNTING" + number,
                r -> r.readInt(),
                (call, ignored) -> counter.applyAsInt(call),
                (value, w) -> w.writeInt(value),
                replay,
                execution);
    }

    /** Notes its argument and one more, as long as an opaque is; then the hook runs. */
    private Procedure<?, ?> noted(int number, Replay replay) {
        return new Procedure<Integer, Integer>(
                number,
                "NOTED" + number,
                r -> r.readInt(),
                (call, argument) -> {
                    int counted = count.incrementAndGet();
                    call.note((value, w) -> w.writeInt(value).writeFixedOpaque(new byte[noteBytes]), argument + 1);
                    hook.run();
                    return counted;
                },
                (value, w) -> w.writeInt(value),
                replay,
                Execution.WORKER,
                (local, argument, note) -> recovery.apply(argument, note.readInt()));
    }

    private int runHook(RpcCall call) {
        hook.run();
        return call.xid();
    }

    private static RpcBuffer read(RpcCall call, int size) {
        RpcBuffer data = call.allocate(size);
        ByteBuffer nio = data.nio().duplicate();
        for (int i = 0; i < size; i++) {
            nio.put((byte) i);
        }
        return data;
    }

    private int countWhenLet(RpcCall call, int ignored) {
        begun.incrementAndGet();
        try {
            if (!gate.tryAcquire(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test never opened the gate");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return count.incrementAndGet();
    }

    static int checksum(ByteBuffer... views) {
        CRC32C crc = new CRC32C();
        for (ByteBuffer view : views) {
            crc.update(view.duplicate());
        }
        return (int) crc.getValue();
    }
}
