package io.mooring.rpcbind.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrEncoder;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Every wire type is read as it was written, and nothing is left over. */
final class WireTypesTest {

    @Property
    void mapping(@ForAll int program, @ForAll int version, @ForAll int protocol, @ForAll int port) throws XdrException {
        Portmap2.Mapping value = new Portmap2.Mapping(program, version, protocol, port);
        assertThat(roundTrip(value, Portmap2.Mapping::write, Portmap2.Mapping::read))
                .isEqualTo(value);
    }

    @Property(tries = 100)
    void mappingList(@ForAll @Size(max = 50) List<Integer> ports) throws XdrException {
        var value = new Portmap2.MappingList(
                ports.stream().map(p -> new Portmap2.Mapping(1, 2, 6, p)).toList());
        assertThat(roundTrip(value, Portmap2.MappingList::write, Portmap2.MappingList::read))
                .isEqualTo(value);
    }

    @Property
    void rpcb(@ForAll("rpcbs") Rpcbind4.Rpcb value) throws XdrException {
        assertThat(roundTrip(value, Rpcbind4.Rpcb::write, Rpcbind4.Rpcb::read)).isEqualTo(value);
    }

    @Property(tries = 100)
    void rpcbList(@ForAll("rpcbLists") List<Rpcbind4.Rpcb> entries) throws XdrException {
        var value = new Rpcbind4.RpcbList(entries);
        assertThat(roundTrip(value, Rpcbind4.RpcbList::write, Rpcbind4.RpcbList::read))
                .isEqualTo(value);
    }

    @Property
    void netbuf(@ForAll int maxLength, @ForAll @Size(max = Rpcbind4.MAX_TADDR) byte[] address) throws XdrException {
        var read = roundTrip(new Rpcbind4.Netbuf(maxLength, address), Rpcbind4.Netbuf::write, Rpcbind4.Netbuf::read);
        assertThat(read.maxLength()).isEqualTo(maxLength);
        assertThat(read.address()).isEqualTo(address);
    }

    @Property(tries = 100)
    void entryList(@ForAll("rpcbLists") List<Rpcbind4.Rpcb> from, @ForAll int semantics) throws XdrException {
        var value = new Rpcbind4.EntryList(from.stream()
                .map(r -> new Rpcbind4.Entry(r.address(), r.netid(), semantics, "inet", "tcp"))
                .toList());
        assertThat(roundTrip(value, Rpcbind4.EntryList::write, Rpcbind4.EntryList::read))
                .isEqualTo(value);
    }

    @Property(tries = 100)
    void stat(
            @ForAll @Size(RpcbindStat.PROCEDURES) List<Integer> calls,
            @ForAll int number,
            @ForAll @Size(max = 5) List<Integer> counts)
            throws XdrException {
        var asked = counts.stream()
                .map(c -> new RpcbindStat.Asked(number, 3, c, c + 1, "tcp"))
                .toList();
        var indirect = counts.stream()
                .map(c -> new RpcbindStat.Indirect(number, 3, 1, c, c + 1, c + 2, "udp"))
                .toList();
        var version = new RpcbindStat.Version(calls, number, number + 1, asked, indirect);
        var value = new RpcbindStat(List.of(version, version, version));
        assertThat(roundTrip(value, RpcbindStat::write, RpcbindStat::read)).isEqualTo(value);
    }

    /** The bytes of RFC 1833's linked list. */
    @Test
    void aListIsWrittenAsTheRfcHasIt() {
        XdrWriter writer = XdrWriter.create();
        new Portmap2.MappingList(List.of(new Portmap2.Mapping(100003, 3, 6, 2049))).write(writer);

        XdrWriter expected = XdrWriter.create();
        expected.writeInt(1)
                .writeInt(100003)
                .writeInt(3)
                .writeInt(6)
                .writeInt(2049)
                .writeInt(0);
        assertThat(writer.toByteArray()).isEqualTo(expected.toByteArray());
    }

    @Test
    void aListIsBounded() {
        XdrWriter writer = XdrWriter.create();
        for (int i = 0; i <= WireLists.MAX_ITEMS; i++) {
            writer.writeBool(true);
            new Portmap2.Mapping(1, 2, 3, 4).write(writer);
        }
        writer.writeBool(false);

        assertThatThrownBy(() -> Portmap2.MappingList.read(XdrReader.of(writer.toByteArray())))
                .isInstanceOf(XdrException.class);
    }

    @Provide
    Arbitrary<Rpcbind4.Rpcb> rpcbs() {
        return Combinators.combine(
                        Arbitraries.integers(),
                        Arbitraries.integers(),
                        text(Rpcbind4.MAX_NETID),
                        text(Rpcbind4.MAX_UADDR),
                        text(Rpcbind4.MAX_OWNER))
                .as(Rpcbind4.Rpcb::new);
    }

    @Provide
    Arbitrary<List<Rpcbind4.Rpcb>> rpcbLists() {
        return rpcbs().list().ofMaxSize(20);
    }

    private static Arbitrary<String> text(int max) {
        return Arbitraries.strings().ascii().ofMaxLength(max);
    }

    private static <T> T roundTrip(T value, XdrEncoder<T> encoder, XdrDecoder<T> decoder) throws XdrException {
        XdrWriter writer = XdrWriter.create();
        encoder.write(value, writer);
        XdrReader reader = XdrReader.of(writer.toByteArray());
        T read = decoder.read(reader);
        assertThat(reader.remaining()).isZero();
        return read;
    }
}
