package io.mooring.nfsd.internal.handle;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.nfsd.internal.handle.FileHandles.FileHandle;
import io.mooring.vfs.FileId;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FileHandlesTest {
    private final FileHandles handles = new FileHandles(new byte[16]);

    @Property
    void whatIsEncodedIsDecoded(@ForAll long fsid, @ForAll @Size(max = FileId.MAX_BYTES) byte[] id) {
        byte[] handle = handles.encode(fsid, new FileId(id));
        assertThat(handle).hasSizeLessThanOrEqualTo(64);
        assertThat(handles.decode(handle)).contains(new FileHandle(fsid, new FileId(id)));
    }

    @Property
    void oneBitChangedIsForged(
            @ForAll long fsid,
            @ForAll @Size(8) byte[] id,
            @ForAll @IntRange(max = 25) int at,
            @ForAll @IntRange(max = 7) int bit) {
        byte[] handle = handles.encode(fsid, new FileId(id));
        handle[at] ^= (byte) (1 << bit);
        assertThat(handles.decode(handle)).isEmpty();
    }

    @Test
    void truncatedAndOverlongOnesAreRefused() {
        byte[] handle = handles.encode(7, new FileId(new byte[12]));
        for (int length = 0; length < handle.length; length++) {
            assertThat(handles.decode(Arrays.copyOf(handle, length))).isEmpty();
        }
        assertThat(handles.decode(Arrays.copyOf(handle, handle.length + 1))).isEmpty();
        assertThat(handles.decode(new byte[65])).isEmpty();
    }

    @Test
    void anotherVersionIsRefusedAlthoughItIsSigned() {
        byte[] handle = handles.encode(7, new FileId(new byte[12]));
        for (int at = 0; at < 2; at++) {
            byte[] other = handle.clone();
            other[at]++;
            int signed = other.length - 8;
            long mac = new SipHash(new byte[16]).hash(other, signed);
            java.nio.ByteBuffer.wrap(other).putLong(signed, mac);
            assertThat(handles.decode(other)).isEmpty();
        }
    }

    @Test
    void anotherKeyIsAnotherSignature() {
        byte[] key = new byte[16];
        key[15] = 1;
        assertThat(new FileHandles(key).decode(handles.encode(7, new FileId(new byte[12]))))
                .isEmpty();
    }

    /** The layout is a promise: handles live in clients across updates of the server. */
    @Test
    void theLayoutStays() {
        byte[] key = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
        byte[] handle = new FileHandles(key).encode(0x1122334455667788L, new FileId(new byte[] {1, 2, 3}));
        assertThat(HexFormat.of().formatHex(handle))
                .startsWith("01001122334455667788010203")
                .hasSize(42);
    }

    @Test
    void oneOfAnotherNodeIsWellFormed() {
        byte[] handle = handles.encode(7, new FileId(new byte[12]));
        handle[handle.length - 1]++;
        assertThat(FileHandles.isWellFormed(handle)).isTrue();
        assertThat(FileHandles.isWellFormed(Arrays.copyOf(handle, 17))).isFalse();
        assertThat(FileHandles.isWellFormed(Arrays.copyOf(handle, 65))).isFalse();
        assertThat(FileHandles.isWellFormed(new byte[30])).isFalse();
    }
}
