package io.mooring.nfsd.internal.exports;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.nfsd.internal.exports.HostNames.NameServiceException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientPatternTest {
    private static final Map<String, String> NAMES = Map.of(
            "10.0.0.1", "One.example.org",
            "10.0.0.2", "two.sub.example.org",
            "10.0.0.4", "four.example.org",
            "10.0.0.5", "four.elsewhere.org",
            "2001:db8::1", "six.example.org");
    private static final NetgroupText GROUPS = new NetgroupText("""
            names (one.example.org,-,) (two,,)
            short (four,,)
            addresses (10.0.0.9,,) (2001:DB8:0::9,,) (fe80::9,,)
            all (,,)
            """);

    @ParameterizedTest
    @CsvSource({
        "*, 10.0.0.9, true",
        "'', 10.0.0.9, true",
        "10.0.0.1, 10.0.0.1, true",
        "10.0.0.1, 10.0.0.2, false",
        "2001:db8::1, 2001:DB8:0::1, true",
        "::ffff:10.0.0.1, 10.0.0.1, true",
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "10.0.0.0/255.0.0.0, 10.255.0.1, true",
        "10.1.2.3/23, 10.1.3.9, true",
        "10.1.2.3/23, 10.1.4.9, false",
        "10.0.0.1/32, 10.0.0.1, true",
        "10.0.0.1/32, 10.0.0.0, false",
        "0.0.0.0/0, 1.2.3.4, true",
        "0.0.0.0/0.0.0.0, 1.2.3.4, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::/0, 10.0.0.1, false",
        "::/0, 2001:db8::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::1/128, 2001:db8::1, true",
        "2001:db8::1/128, 2001:db8::2, false",
        "fe80::/10, fe80::1%1, true",
        "fe80::1, fe80::1%1, true",
        "10.0.0.0/8, ::ffff:10.0.0.1, true",
        "::ffff:10.0.0.0/8, 10.0.0.1, true",
        "one.example.org, 10.0.0.1, true",
        "ONE.example.org, 10.0.0.1, true",
        "one.example.org, 10.0.0.2, false",
        "unknown, 10.0.0.1, false",
        "*.example.org, 10.0.0.1, true",
        "*.example.org, 10.0.0.2, true",
        "*.EXAMPLE.org, 2001:db8::1, true",
        "*.example.org, 10.0.0.3, false",
        "o?e.example.org, 10.0.0.1, true",
        "o?.example.org, 10.0.0.1, false",
        "[a-o]ne.*, 10.0.0.1, true",
        "[!a-o]ne.*, 10.0.0.1, false",
        "on[ef]xexample.org, 10.0.0.1, false",
        "@names, 10.0.0.1, true",
        "@names, 10.0.0.2, false",
        "@names, 10.0.0.9, false",
        "@short, 10.0.0.4, true",
        "@short, 10.0.0.5, false",
        "@addresses, 10.0.0.9, true",
        "@addresses, 2001:db8::9, true",
        "@addresses, fe80::9%1, true",
        "@addresses, fe80::8%1, false",
        "@addresses, 10.0.0.1, false",
        "@all, 10.0.0.9, true",
        "@unknown, 10.0.0.1, false"
    })
    void matches(String pattern, String client, boolean expected) throws Exception {
        assertThat(ClientPattern.parse(pattern).matches(InetAddress.getByName(client), new FixedNames()))
                .isEqualTo(expected);
    }

    private static final class FixedNames implements HostNames {
        @Override
        public List<InetAddress> addresses(String name) throws NameServiceException {
            for (Map.Entry<String, String> entry : NAMES.entrySet()) {
                if (name.equals("four") || entry.getValue().equalsIgnoreCase(name)) {
                    return List.of(name.equals("four") ? address("10.0.0.4") : address(entry.getKey()));
                }
            }
            return List.of();
        }

        @Override
        public String name(InetAddress address) throws NameServiceException {
            for (Map.Entry<String, String> entry : NAMES.entrySet()) {
                if (address(entry.getKey()).equals(address)) {
                    return entry.getValue();
                }
            }
            return null;
        }

        @Override
        public Set<String> netgroup(String name) {
            return GROUPS.hosts(name);
        }

        private static InetAddress address(String text) throws NameServiceException {
            try {
                return InetAddress.getByName(text);
            } catch (UnknownHostException e) {
                throw new NameServiceException(e.getMessage());
            }
        }
    }
}
