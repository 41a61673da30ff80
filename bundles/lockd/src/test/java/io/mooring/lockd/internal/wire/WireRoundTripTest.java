package io.mooring.lockd.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.lockd.internal.wire.Nlm4.Holder;
import io.mooring.lockd.internal.wire.Nlm4.Lock;
import io.mooring.lockd.internal.wire.Nlm4.Res;
import io.mooring.lockd.internal.wire.Nlm4.Stat;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class WireRoundTripTest {

    @Provide
    Arbitrary<Object> items() {
        return WireItems.anyItem();
    }

    @Property(tries = 4000)
    void whatIsWrittenIsReadAgain(@ForAll("items") Object item) throws XdrException {
        byte[] bytes = written(item, NlmVersion.V4);
        XdrReader reader = XdrReader.of(bytes);
        Object read = read(item.getClass(), reader, NlmVersion.V4);
        assertThat(reader.remaining()).isZero();
        assertThat(read).usingRecursiveComparison().isEqualTo(item);
    }

    /** What does not fit 32 bits is changed once, and then no more. */
    @Property(tries = 4000)
    void theOldVersionsTellWhatTheyCan(@ForAll("items") Object item, @ForAll NlmVersion version) throws XdrException {
        byte[] bytes = written(item, version);
        XdrReader reader = XdrReader.of(bytes);
        Object read = read(item.getClass(), reader, version);
        assertThat(reader.remaining()).isZero();
        assertThat(written(read, version)).isEqualTo(bytes);
    }

    @Property
    void truncatedOnesAreRefused(@ForAll("items") Object item, @ForAll NlmVersion version) {
        byte[] bytes = written(item, version);
        for (int length = 0; length < bytes.length; length += 4) {
            XdrReader reader = XdrReader.of(Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> read(item.getClass(), reader, version)).isInstanceOf(XdrException.class);
        }
    }

    @Test
    void everyTypeIsCovered() {
        assertThat(WireItems.types()).hasSize(20);
    }

    @Test
    void aLockHas64BitsOrTwice32() {
        Lock lock = new Lock("c", new byte[4], new byte[4], 1, 1L << 40, 5);
        assertThat(written(lock, NlmVersion.V4)).hasSize(8 + 8 + 8 + 4 + 16);
        assertThat(written(lock, NlmVersion.V3)).hasSize(8 + 8 + 8 + 4 + 8);
    }

    @Test
    void offsetsOfOldVersionsAreUnsigned() throws XdrException {
        Lock lock = new Lock("c", new byte[4], new byte[4], 1, 0xffff_fff0L, 3);
        assertThat(Lock.read(XdrReader.of(written(lock, NlmVersion.V1)), NlmVersion.V1)
                        .offset())
                .isEqualTo(0xffff_fff0L);
    }

    @Test
    void holdersBeyond32BitsReachToTheEndForOldVersions() throws XdrException {
        Holder holder = new Holder(true, 1, new byte[0], 1L << 33, 1L << 33);
        Holder told = Holder.read(XdrReader.of(written(holder, NlmVersion.V3)), NlmVersion.V3);
        assertThat(told.offset()).isEqualTo(0xffff_ffffL);
        assertThat(told.length()).isZero();
    }

    @Test
    void oldVersionsHaveFewerStatuses() throws XdrException {
        for (Stat stat : Stat.values()) {
            Res res = new Res(new byte[0], stat);
            Stat old = Res.read(XdrReader.of(written(res, NlmVersion.V3)), NlmVersion.V3)
                    .stat();
            assertThat(old).isEqualTo(stat.value() <= 5 ? stat : Stat.NLM4_DENIED_NOLOCKS);
            assertThat(Res.read(XdrReader.of(written(res, NlmVersion.V4)), NlmVersion.V4)
                            .stat())
                    .isEqualTo(stat);
        }
    }

    @Test
    void unknownEnumsAreRefused() {
        assertThatThrownBy(() -> NlmVersion.V4.readStat(ints(10))).isInstanceOf(XdrException.class);
        assertThatThrownBy(() -> NlmVersion.V3.readStat(ints(7))).isInstanceOf(XdrException.class);
        assertThatThrownBy(() -> Sm1.SmStatRes.read(ints(2, 0))).isInstanceOf(XdrException.class);
        assertThatThrownBy(() -> Nlm4.Share.read(ints(0, 0, 0, 4, 0), NlmVersion.V3))
                .isInstanceOf(XdrException.class);
    }

    @Test
    void netobjsAndNamesHaveTheirMaximum() throws XdrException {
        Res most = new Res(new byte[1024], Stat.NLM4_GRANTED);
        assertThat(Res.read(XdrReader.of(written(most, NlmVersion.V4)), NlmVersion.V4)
                        .cookie())
                .hasSize(1024);
        byte[] more = written(new Res(new byte[1025], Stat.NLM4_GRANTED), NlmVersion.V4);
        assertThatThrownBy(() -> Res.read(XdrReader.of(more), NlmVersion.V4)).isInstanceOf(XdrException.class);
        byte[] name = written(new Sm1.SmName("x".repeat(1025)), NlmVersion.V4);
        assertThatThrownBy(() -> Sm1.SmName.read(XdrReader.of(name))).isInstanceOf(XdrException.class);
    }

    @Test
    void portsAreReadFromUniversalAddresses() throws XdrException {
        assertThat(Rpcbind.readAddressPort(text("10.0.0.1.3.233"))).isEqualTo(1001);
        assertThat(Rpcbind.readAddressPort(text("::1.0.111"))).isEqualTo(111);
        assertThat(Rpcbind.readAddressPort(text(""))).isZero();
        for (String bad : new String[] {"x", "1.2.3.4.256.1", "1.2.3.4.1.-1", ".", "a.b"}) {
            assertThatThrownBy(() -> Rpcbind.readAddressPort(text(bad))).as(bad).isInstanceOf(XdrException.class);
        }
        assertThat(Rpcbind.readPort(ints(4045))).isEqualTo(4045);
        assertThatThrownBy(() -> Rpcbind.readPort(ints(65536))).isInstanceOf(XdrException.class);
    }

    private static XdrReader ints(int... values) {
        XdrWriter writer = XdrWriter.create();
        Arrays.stream(values).forEach(writer::writeInt);
        return XdrReader.of(writer.toByteArray());
    }

    private static XdrReader text(String text) {
        return XdrReader.of(XdrWriter.create().writeString(text).toByteArray());
    }

    private static byte[] written(Object item, NlmVersion version) {
        XdrWriter writer = XdrWriter.create();
        if (item instanceof Nlm4.Item nlm) {
            nlm.write(writer, version);
        } else {
            ((Sm1.Item) item).write(writer);
        }
        return writer.toByteArray();
    }

    private static Object read(Class<?> type, XdrReader reader, NlmVersion version) throws XdrException {
        try {
            return Nlm4.Item.class.isAssignableFrom(type)
                    ? type.getMethod("read", XdrReader.class, NlmVersion.class).invoke(null, reader, version)
                    : type.getMethod("read", XdrReader.class).invoke(null, reader);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof XdrException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.toString(), e);
        }
    }
}
