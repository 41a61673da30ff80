package io.mooring.posix.internal.neighbour;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.posix.testing.Ip;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final byte[] HARDWARE = HexFormat.of().parseHex("020000aabbcc");

    private static String frame(String address) {
        return HexFormat.of().formatHex(Frames.announcement(Ip.of(address), HARDWARE));
    }

    @Test
    void aGratuitousArpAsksForTheAddressThatItTells() {
        assertThat(frame("192.0.2.50"))
                .isEqualTo("ffffffffffff" + "020000aabbcc" + "0806" // Ethernet
                        + "0001" + "0800" + "06" + "04" + "0001" // Ethernet, IPv4, request
                        + "020000aabbcc" + "c0000232" // from
                        + "000000000000" + "c0000232"); // for
    }

    @Test
    void anAdvertisementOverridesWhatNeighboursKnow() {
        String address = "20010db8000000000000000000000050";
        assertThat(frame("2001:db8::50"))
                .isEqualTo("333300000001" + "020000aabbcc" + "86dd" // Ethernet
                        + "60000000" + "0020" + "3a" + "ff" // 32 bytes of ICMPv6, hop limit 255
                        + address + "ff020000000000000000000000000001"
                        + "88" + "00" + checksum() + "20000000" + address // override
                        + "02" + "01" + "020000aabbcc");
    }

    /** By hand (RFC 1071): with this checksum the words of pseudo-header and message add up to ffff. */
    private static String checksum() {
        int sum = 0x20
                + 0x3a // length, next header
                + 2 * (0x2001 + 0x0db8 + 0x0050) // source and target
                + 0xff02
                + 0x0001 // destination
                + 0x8800
                + 0x2000
                + 0x0201
                + 0x0200
                + 0x00aa
                + 0xbbcc;
        sum = (sum & 0xffff) + (sum >> 16);
        return HexFormat.of().toHexDigits((short) ~sum);
    }
}
