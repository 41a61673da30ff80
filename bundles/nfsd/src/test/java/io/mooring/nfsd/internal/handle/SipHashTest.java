package io.mooring.nfsd.internal.handle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SipHashTest {

    /** From the reference implementation's vectors_sip64: key 00..0f, message 00, 01, 02 and so on; bytes as printed there. */
    @ParameterizedTest
    @CsvSource({
        "0, 310e0edd47db6f72",
        "1, fd67dc93c539f874",
        "2, 5a4fa9d909806c0d",
        "7, 37d1018bf50002ab",
        "8, 6224939a79f5f593",
        "15, e545be4961ca29a1",
        "63, 724506eb4c328a95"
    })
    void referenceVectors(int length, String expected) {
        byte[] key = new byte[16];
        byte[] message = new byte[64];
        for (int i = 0; i < 64; i++) {
            message[i] = (byte) i;
            key[i & 15] = (byte) (i & 15);
        }
        long hash = new SipHash(key).hash(message, length);
        assertThat(HexFormat.of().toHexDigits(Long.reverseBytes(hash))).isEqualTo(expected);
    }
}
