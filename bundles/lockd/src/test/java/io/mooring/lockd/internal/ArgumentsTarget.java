package io.mooring.lockd.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.lockd.internal.table.Host;
import io.mooring.lockd.internal.testing.FakeCall;
import io.mooring.lockd.internal.testing.FuzzTarget;
import io.mooring.lockd.internal.testing.Kit;
import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Any bytes as arguments of NLM and NSM, alone and behind a lock that is right: refused as garbage, or answered. */
public final class ArgumentsTarget implements FuzzTarget {
    private static final int MAX_CALLS = 8;
    private static final List<FakeCall> CLIENTS = List.of(FakeCall.from("10.0.0.1"), FakeCall.from("10.0.0.2"));

    private final Kit kit;
    private final List<Procedure<?, ?>> all;

    public ArgumentsTarget(Kit kit) {
        this.kit = kit;
        kit.peers.script = call -> CompletableFuture.completedFuture(new byte[0]);
        all = kit.programs().stream()
                .flatMap(program -> program.procedures().stream())
                .toList();
    }

    /** Several calls follow one another; for each, a byte chooses the procedure, one what stands in front, one the length. */
    @Override
    public void run(byte[] input) {
        int at = 0;
        for (int calls = 0; at + 3 <= input.length && calls < MAX_CALLS; calls++) {
            int length = Math.min(Byte.toUnsignedInt(input[at + 2]), input.length - at - 3);
            XdrWriter writer = XdrWriter.create();
            prefix(input[at + 1], writer);
            writer.writeFixedOpaque(Arrays.copyOfRange(input, at + 3, at + 3 + length));
            Procedure<?, ?> row = all.get(Math.floorMod(input[at], all.size()));
            answer(row, CLIENTS.get(input[at + 1] & 1), writer.toByteArray());
            at += 3 + length;
        }
        for (Host host : kit.table.hosts()) {
            kit.locks.release(host, owner -> true);
        }
        assertThat(kit.table.count()).isZero();
        assertThat(kit.targets.files.open).isZero();
    }

    /** The beginning of a LOCK, a CANCEL, a TEST or an UNLOCK, with a handle that is right. */
    private static void prefix(byte which, XdrWriter writer) {
        int flags = (which >> 1) & 3;
        if ((which & 8) == 0) {
            writer.writeOpaque(new byte[] {1});
            for (int i = 0; i < flags; i++) {
                writer.writeBool(((which >> (4 + i)) & 1) == 1);
            }
            writer.writeString("c").writeOpaque(new byte[] {1}).writeOpaque(new byte[] {which});
        }
    }

    private static <A, R> void answer(Procedure<A, R> row, FakeCall call, byte[] arguments) {
        try {
            R result = row.handler().handle(call, row.decoder().read(XdrReader.of(arguments)));
            XdrWriter writer = XdrWriter.create();
            row.encoder().write(result, writer);
            assertThat(writer.size() % 4).isZero();
            assertThat(writer.size()).as(row.name()).isLessThan(4096);
        } catch (XdrException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        } catch (RpcException e) {
            throw new AssertionError(row.name(), e);
        }
    }
}
