package io.mooring.nfsd.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.nfsd.internal.testing.ProcedureKit;
import io.mooring.nfsd.internal.wire.Mount3.DirPath;
import io.mooring.nfsd.internal.wire.Mount3.FhStatus;
import io.mooring.nfsd.internal.wire.Mount3.MountRes3;
import io.mooring.nfsd.internal.wire.Mount3.MountStat3;
import io.mooring.nfsd.internal.wire.Nfs3.FType3;
import io.mooring.nfsd.internal.wire.Nfs3.Item;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.Nothing;
import io.mooring.nfsd.internal.wire.Nfs3.Result;
import io.mooring.nfsd.internal.wire.Nfs3Args.CreateHow3;
import io.mooring.nfsd.internal.wire.Nfs3Args.DirOpArgs3;
import io.mooring.nfsd.internal.wire.Nfs3Args.SetTime;
import io.mooring.nfsd.internal.wire.Nfs3Args.StableHow;
import io.mooring.nfsd.internal.wire.Nfs3Args.Symlink3Args;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import java.lang.reflect.InvocationTargetException;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class WireRoundTripTest {

    @Provide
    Arbitrary<Item> items() {
        return WireItems.anyItem().filter(WireRoundTripTest::isConsistent);
    }

    /** An error of MOUNT version 1 comes without a handle. */
    private static boolean isConsistent(Item item) {
        if (item instanceof MountRes3.Fail fail) {
            return fail.status() != MountStat3.MNT3_OK;
        }
        return !(item instanceof FhStatus status) || status.status() == MountStat3.MNT3_OK;
    }

    @Property(tries = 4000)
    void whatIsWrittenIsReadAgain(@ForAll("items") Item item) {
        byte[] bytes = written(item);
        Item read = ProcedureKit.decode(bytes, decoderOf(item));
        assertThat(read).usingRecursiveComparison().isEqualTo(item);
        assertThat(written(read)).isEqualTo(bytes);
    }

    @Property
    void resultsAreReadAgain(@ForAll("items") Item item, @ForAll NfsStat3 status) {
        Item result = status == NfsStat3.NFS3_OK ? new Result.Ok<>(item) : new Result.Fail<>(status, item);
        XdrDecoder<Item> decoder = decoderOf(item);
        assertThat(ProcedureKit.decode(written(result), r -> Result.read(r, decoder, decoder)))
                .usingRecursiveComparison()
                .isEqualTo(result);
    }

    @Property
    void truncatedOnesAreRefused(@ForAll("items") Item item) {
        byte[] bytes = written(item);
        for (int length = 0; length < bytes.length; length += 4) {
            XdrReader reader = XdrReader.of(java.util.Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> decoderOf(item).read(reader)).isInstanceOf(XdrException.class);
        }
    }

    @Test
    void everyTypeIsCovered() {
        assertThat(WireItems.types()).hasSizeGreaterThan(45);
    }

    @Test
    void sizesOfEntriesAreTheirBytes() {
        byte[] name = {1, 2, 3, 4, 5};
        var entry = new Nfs3Results.Entry3(1, name, 2);
        assertThat(Nfs3Results.Entry3.bytes(name)).isEqualTo(4 + written(entry).length);
        var plus = new Nfs3Results.EntryPlus3(
                entry, Nfs3.PostOpAttr.ABSENT, new Nfs3.PostOpFh3(new NfsFh3(new byte[17])));
        assertThat(plus.bytes()).isEqualTo(4 + written(plus).length);
        var mount = new Mount3.MountBody("host\u00e4", name);
        assertThat(mount.bytes()).isEqualTo(4 + written(mount).length);
        var node = new Mount3.ExportNode(name, java.util.List.of("*", "10.0.0.0/8"));
        assertThat(node.bytes()).isEqualTo(4 + written(node).length);
    }

    @Test
    void handlesHaveAtMost64Bytes() {
        assertAccepted(NfsFh3::read, new NfsFh3(new byte[64]));
        assertRefused(NfsFh3::read, new NfsFh3(new byte[65]));
    }

    @Test
    void namesAndPathsHaveAtMostPathMaxBytes() {
        NfsFh3 handle = new NfsFh3(new byte[8]);
        assertAccepted(DirOpArgs3::read, new DirOpArgs3(handle, new byte[4096]));
        assertRefused(DirOpArgs3::read, new DirOpArgs3(handle, new byte[4097]));
        DirOpArgs3 where = new DirOpArgs3(handle, new byte[1]);
        assertAccepted(Symlink3Args::read, new Symlink3Args(where, Nfs3Args.SAttr3.NONE, new byte[4096]));
        assertRefused(Symlink3Args::read, new Symlink3Args(where, Nfs3Args.SAttr3.NONE, new byte[4097]));
    }

    @Test
    void mountPathsHaveAtMost1024Bytes() {
        assertAccepted(DirPath::read, new DirPath(new byte[1024]));
        assertRefused(DirPath::read, new DirPath(new byte[1025]));
    }

    @Test
    void unknownEnumsAreRefused() {
        assertRefused(NfsStat3::read, w -> w.writeInt(3));
        assertRefused(FType3::read, w -> w.writeInt(0));
        assertRefused(FType3::read, w -> w.writeInt(8));
        assertRefused(StableHow::read, w -> w.writeInt(3));
        assertRefused(SetTime::read, w -> w.writeInt(3));
        assertRefused(CreateHow3::read, w -> w.writeInt(3));
        assertRefused(MountStat3::read, w -> w.writeInt(3));
    }

    private static void assertAccepted(XdrDecoder<?> decoder, Item item) {
        assertThat(ProcedureKit.decode(written(item), decoder))
                .usingRecursiveComparison()
                .isEqualTo(item);
    }

    private static void assertRefused(XdrDecoder<?> decoder, Item item) {
        assertThatThrownBy(() -> decoder.read(XdrReader.of(written(item)))).isInstanceOf(XdrException.class);
    }

    private static byte[] written(Item item) {
        XdrWriter writer = XdrWriter.create();
        item.write(writer);
        return writer.toByteArray();
    }

    /** The type's static read, or that of the union that it is an arm of. */
    private static XdrDecoder<Item> decoderOf(Item item) {
        if (item instanceof Nothing) {
            return Nothing::read;
        }
        Class<?> type = item.getClass();
        Class<?> owner = type.getDeclaringClass();
        Class<?> reads =
                owner.isInterface() && !item.getClass().equals(Nfs3Results.FileData.Bytes.class) ? owner : type;
        return reader -> {
            if (item instanceof Nfs3Results.FileData.Bytes) {
                return new Nfs3Results.FileData.Bytes(reader.readOpaque(Integer.MAX_VALUE));
            }
            try {
                return (Item) reads.getMethod("read", XdrReader.class).invoke(null, reader);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof XdrException cause) {
                    throw cause;
                }
                throw new AssertionError(e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        };
    }
}
