package io.mooring.rpcbind.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 5665 §5.2.3. */
final class UniversalAddressTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.5.8.1, 10.0.0.5, 2049",
        "0.0.0.0.0.111, 0.0.0.0, 111",
        "255.255.255.255.255.255, 255.255.255.255, 65535",
        "::.8.1, ::, 2049",
        "::1.0.111, ::1, 111",
        "2001:db8::5.8.1, 2001:db8::5, 2049",
        "2001:db8:0:1::.8.1, 2001:db8:0:1::, 2049",
        "2001:0:1:2:3:4:5:6.8.1, 2001:0:1:2:3:4:5:6, 2049",
        "fe80::a:0:0:1.8.1, fe80::a:0:0:1, 2049",
    })
    void isWrittenAndReadAsInetNtopDoes(String text, String host, int port) {
        UniversalAddress address = new UniversalAddress(FakeCall.address(host), port);

        assertThat(address.format()).isEqualTo(text);
        assertThat(UniversalAddress.parse(text)).contains(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "10.0.0.5",
                "10.0.0.5.8",
                "10.0.0.5.256.1",
                "10.0.0.256.8.1",
                "10.0.0.5.8.1.",
                "10.0.0.5.-8.1",
                "10.0.0.5.8.1 ",
                "localhost.8.1",
                "example.com.8.1",
                "1.2.3.8.1",
                "::g.8.1",
                ":::.8.1",
                "1:2:3:4:5:6:7:8:9.8.1",
                "::1.8.1000",
                "/run/rpcbind.sock",
                "1234567890123456789.8.1",
            })
    void anythingElseIsNone(String text) {
        assertThat(UniversalAddress.parse(text)).isEmpty();
    }

    @Property
    void everyIpv4AddressAndPortSurvives(@ForAll @Size(4) byte[] host, @ForAll @IntRange(max = 65535) int port)
            throws UnknownHostException {
        survives(new UniversalAddress(InetAddress.getByAddress(host), port));
    }

    @Property
    void everyIpv6AddressAndPortSurvives(@ForAll @Size(16) byte[] host, @ForAll @IntRange(max = 65535) int port)
            throws UnknownHostException {
        survives(new UniversalAddress(InetAddress.getByAddress(host), port));
    }

    /** With many zero groups, which random bytes hardly have. */
    @Property
    void everyPatternOfZeroGroupsSurvives(@ForAll @IntRange(max = 255) int groups) throws UnknownHostException {
        byte[] host = new byte[16];
        for (int i = 0; i < 8; i++) {
            host[2 * i + 1] = (byte) (groups >> i & 1);
        }
        survives(new UniversalAddress(InetAddress.getByAddress(host), 2049));
    }

    private static void survives(UniversalAddress address) {
        assertThat(UniversalAddress.parse(address.format())).contains(address);
        assertThat(SocketAddressBytes.parse(SocketAddressBytes.of(address))).contains(address);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65536})
    void portsAreInRange(int port) {
        assertThatThrownBy(() -> new UniversalAddress(Registration.ANY_IPV4, port))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
