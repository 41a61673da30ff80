package io.mooring.failover.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.posix.testing.Ip;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
    private static final String PID = "io.mooring.service~data";

    /** What the component runtime makes of a file; a RuntimeException as a value is thrown. */
    private static DeclaredService.Config config(Map<String, Object> values) {
        Map<String, Object> all = new HashMap<>(
                Map.of("addresses", new String[] {"192.0.2.50"}, "exports", "/srv *(rw)", "stateDirectory", "/state"));
        all.putAll(values);
        return (DeclaredService.Config) Proxy.newProxyInstance(
                DeclaredService.Config.class.getClassLoader(),
                new Class<?>[] {DeclaredService.Config.class},
                (proxy, method, args) -> {
                    Object value = all.getOrDefault(method.getName(), method.getDefaultValue());
                    if (value instanceof RuntimeException e) {
                        throw e;
                    }
                    return value;
                });
    }

    private static void refuses(String key, Object value, String why) {
        assertThatThrownBy(() -> Configuration.read(PID, config(Map.of(key, value))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(why)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void threeKeysAreEnough() {
        ServiceSettings settings = Configuration.read(PID, config(Map.of()));
        assertThat(settings.name()).isEqualTo("data");
        assertThat(settings.declaration().addresses()).containsExactly(Ip.of("192.0.2.50"));
        assertThat(settings.declaration().exports()).containsExactly("/srv *(rw)");
        assertThat(settings.declaration().stateDirectory()).isEqualTo(Path.of("/state"));
        assertThat(settings.state())
                .isEqualTo(new ServiceSettings.State(16 << 20, true, false, Duration.ofSeconds(10)));
        assertThat(settings.moving().automatically()).isTrue();
        assertThat(settings.moving().drain()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.moving().tickles()).isEqualTo(new ServiceSettings.Tickles(true, 10_000, 5000));
    }

    @Test
    void manyAddressesAndExportsStandInOneLine() {
        ServiceSettings settings = Configuration.read(
                PID,
                config(Map.of(
                        "addresses",
                        new String[] {"192.0.2.50, 2001:db8::50,192.0.2.50"},
                        "exports",
                        "/srv/a *(rw,sync) ; # none\n/srv/b 192.0.2.0/24(ro);")));
        assertThat(settings.declaration().addresses()).containsExactly(Ip.of("192.0.2.50"), Ip.of("2001:db8::50"));
        assertThat(settings.declaration().exports()).containsExactly("/srv/a *(rw,sync)", "/srv/b 192.0.2.0/24(ro)");
    }

    @Test
    void whatIsWrongIsNamedWithItsKey() {
        refuses("addresses", new String[] {}, "empty");
        refuses("addresses", new String[] {"nas.example"}, "'nas.example' is no IP address");
        refuses("addresses", new String[] {"300.0.0.1"}, "no IP address");
        refuses("addresses", new String[] {"0.0.0.0"}, "no host's address");
        refuses("addresses", new String[] {"224.0.0.1"}, "no host's address");
        refuses("exports", " ; ", "empty");
        refuses("stateDirectory", "", "absolute");
        refuses("stateDirectory", "state", "absolute");
        refuses("lockDurability", "maybe", "sync or async");
        refuses("takeOverLockSeconds", -1, "from 0 to 3600");
        refuses("journalBytes", 1L, "from 1048576");
        refuses("drainSeconds", 0, "from 1");
        refuses("tickleConnections", -1, "from 0");
        refuses("ticklesPerSecond", 0, "from 1");
        refuses("journalBytes", new NumberFormatException("big"), "must be a number: big");
    }

    @Test
    void theFileNamesTheService() {
        assertThat(Configuration.name("io.mooring.service~nas-1.example")).isEqualTo("nas-1.example");
        for (String pid : new String[] {"io.mooring.service", "io.mooring.service~", "io.mooring.service~a b"}) {
            assertThatThrownBy(() -> Configuration.name(pid)).hasMessageContaining("io.mooring.service-NAME.cfg");
        }
    }
}
