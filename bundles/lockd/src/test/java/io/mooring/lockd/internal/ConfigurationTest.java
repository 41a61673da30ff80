package io.mooring.lockd.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.lockd.internal.nsm.StateDirectories;
import io.mooring.lockd.internal.testing.Defaults;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {

    private static LockdOptions read(Map<String, Object> set) {
        return Configuration.read(Defaults.of(LockServer.Config.class, set), Path.of("/data"));
    }

    @Test
    void defaults() {
        LockdOptions options = read(Map.of());
        assertThat(options.port()).isEqualTo(4045);
        assertThat(options.udp()).isTrue();
        assertThat(options.addresses()).isEmpty();
        assertThat(options.state()).isEqualTo(new StateDirectories(Path.of("/data/lockd"), Path.of("/data/lockd")));
        assertThat(options.locking().grace()).isEqualTo(Duration.ofSeconds(45));
        assertThat(options.locking().names()).isEmpty();
        assertThat(options.locking().table().maxLocks()).isEqualTo(1_000_000);
    }

    @Test
    void listsAreSeparatedByCommasOrSpaces() {
        LockdOptions options = read(Map.of(
                "addresses", new String[] {"10.0.0.1, ::1"}, "serverNames", new String[] {"a.example b.example,c"}));
        assertThat(options.addresses()).hasSize(2);
        assertThat(options.locking().names()).containsExactly("a.example", "b.example", "c");
    }

    @ParameterizedTest
    @CsvSource({
        "port, 65536",
        "port, -1",
        "graceSeconds, 0",
        "graceSeconds, 3601",
        "maxLocks, 0",
        "maxLocksPerHost, 0",
        "maxHosts, 0",
        "mirroredFiles, -1",
        "localPollMillis, 9",
        "workers, 0",
        "workers, 1025",
        "maxConnections, 0",
        "idleTimeoutSeconds, -1"
    })
    void valuesOutOfRangeAreRefused(String key, int value) {
        assertThatThrownBy(() -> read(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key + " = " + value);
    }

    @Test
    void namesAndEmptyPathsAreRefused() {
        assertThatThrownBy(() -> read(Map.of("addresses", new String[] {"example.org"})))
                .hasMessageContaining("'example.org' is no IP address");
        assertThatThrownBy(() -> read(Map.of("stateDirectory", " "))).hasMessageContaining("stateDirectory");
    }

    @Test
    void someChangesKeepTheLocksAndSomeTheSocketsToo() {
        LockdOptions before = read(Map.of());
        LockdOptions grace = read(Map.of("graceSeconds", 10, "maxLocks", 5));
        assertThat(grace.keepsLocksOf(before) && grace.fitsServerOf(before)).isTrue();
        LockdOptions port = read(Map.of("port", 0));
        assertThat(port.keepsLocksOf(before)).isTrue();
        assertThat(port.fitsServerOf(before)).isFalse();
        assertThat(read(Map.of("stateDirectory", "x")).keepsLocksOf(before)).isFalse();
        assertThat(read(Map.of("stateDirectory", "/shared")).state())
                .isEqualTo(new StateDirectories(Path.of("/shared"), Path.of("/data/lockd")));
    }
}
