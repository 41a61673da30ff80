package io.mooring.nfsd.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.nfsd.internal.testing.FakeCall;
import io.mooring.nfsd.internal.testing.NfsKit;
import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** Any bytes as arguments: they are refused as garbage, or answered; nothing else is thrown. */
class HostileArgumentsTest {
    private final NfsKit kit = new NfsKit("/a *(rw)");
    private final List<Procedure<?, ?>> all = Stream.of(kit.nfs(), kit.mount(1), kit.mount(3))
            .flatMap(program -> program.procedures().stream())
            .toList();

    @Provide
    Arbitrary<Integer> words() {
        return Arbitraries.oneOf(Arbitraries.integers(), Arbitraries.integers().between(0, 4));
    }

    @Property(tries = 2000)
    void anyWords(@ForAll @Size(max = 30) List<@From("words") Integer> words) {
        XdrWriter writer = XdrWriter.create();
        words.forEach(writer::writeInt);
        all.forEach(row -> answer(row, writer.toByteArray()));
    }

    @Property(tries = 2000)
    void anyWordsBehindAHandle(@ForAll @Size(max = 30) List<@From("words") Integer> words) {
        XdrWriter writer = XdrWriter.create();
        kit.root("/a").write(writer);
        words.forEach(writer::writeInt);
        all.forEach(row -> answer(row, writer.toByteArray()));
    }

    @Property(tries = 1000)
    void anyWordsBehindAName(@ForAll byte[] name, @ForAll @Size(max = 30) List<@From("words") Integer> words) {
        XdrWriter writer = XdrWriter.create();
        kit.root("/a").write(writer);
        writer.writeOpaque(name);
        words.forEach(writer::writeInt);
        all.forEach(row -> answer(row, writer.toByteArray()));
    }

    private static <A, R> void answer(Procedure<A, R> row, byte[] arguments) {
        try {
            R result = row.handler().handle(FakeCall.ordinary(), row.decoder().read(XdrReader.of(arguments)));
            XdrWriter writer = XdrWriter.create();
            row.encoder().write(result, writer);
            assertThat(writer.size() % 4).isZero();
        } catch (XdrException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        } catch (RpcException e) {
            throw new AssertionError(row.name(), e);
        }
    }
}
