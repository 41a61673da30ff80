package io.mooring.nfsd.internal.exports;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.nfsd.internal.FuzzTarget;
import io.mooring.nfsd.internal.exports.ExportDefinition.Rule;
import io.mooring.nfsd.internal.exports.HostNames.NameServiceException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Any text as an exports file: each line is served or named with a reason; nothing is thrown, nothing looked up. */
public final class ExportsTarget implements FuzzTarget {
    @Override
    public void run(byte[] input) throws Exception {
        String text = new String(input, StandardCharsets.UTF_8);
        ParsedExports parsed = new ExportsParser().add("exports", text).build();
        for (ExportDefinition definition : parsed.definitions()) {
            assertThat(definition.path()).isAbsolute();
            for (Rule rule : definition.rules()) {
                assertThat(rule.origin()).startsWith("exports:");
                match(rule);
            }
        }
        assertThat(parsed.problems())
                .allSatisfy(problem -> assertThat(problem.message()).isNotBlank());
    }

    private static void match(Rule rule) throws NameServiceException, UnknownHostException {
        for (String literal : List.of("10.0.0.1", "fe80::1")) {
            rule.client().matches(InetAddress.getByName(literal), new Names());
        }
        assertThat(rule.options().with(List.of(rule.options().toString().split(","))))
                .as("what it says of itself is read as the same")
                .isEqualTo(rule.options());
    }

    private static final class Names implements HostNames {
        @Override
        public List<InetAddress> addresses(String name) {
            return List.of();
        }

        @Override
        public String name(InetAddress address) {
            return "client.example.org";
        }
    }
}
