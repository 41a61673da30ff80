package io.mooring.nfsd.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.nfsd.internal.Configuration.Instance;
import io.mooring.nfsd.internal.exports.OwnFiles;
import io.mooring.nfsd.internal.testing.Defaults;
import io.mooring.sunrpc.RpcServerOptions.Limits;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {

    private static NfsdOptions read(Map<String, Object> set) {
        return Configuration.read(
                Defaults.of(NfsServer.Config.class, set),
                new Instance(Path.of("/k"), Path.of("/k/etc"), Path.of("/k/data")));
    }

    @Test
    void defaults() {
        NfsdOptions options = read(Map.of());
        assertThat(options.port()).isEqualTo(2049);
        assertThat(options.addresses()).isEmpty();
        assertThat(options.udp()).isTrue();
        assertThat(options.files())
                .isEqualTo(new NfsdOptions.Files(
                        Path.of("/k/etc/exports"),
                        Path.of("/k/etc/exports.d"),
                        Path.of("/k/data/nfsd/handle.key"),
                        Path.of("/etc/netgroup"),
                        new OwnFiles(
                                List.of(Path.of("/k"), Path.of("/k/etc"), Path.of("/k/data")),
                                List.of(Path.of("/k/data/nfsd/handle.key")))));
        assertThat(options.manageGids()).isFalse();
        assertThat(options.maxTransferBytes()).isEqualTo(1 << 20);
        assertThat(options.limits()).isEqualTo(Limits.defaults());
    }

    @Test
    void valuesThatAreSet() throws Exception {
        NfsdOptions options = read(Map.of(
                "addresses",
                new String[] {"10.0.0.1", " 2001:db8::1 ", ""},
                "exportsFile",
                "/etc/exports",
                "idleTimeoutSeconds",
                10,
                "maxTransferBytes",
                65536));
        assertThat(options.addresses())
                .containsExactly(InetAddress.getByName("10.0.0.1"), InetAddress.getByName("2001:db8::1"));
        assertThat(options.files().exports()).isEqualTo(Path.of("/etc/exports"));
        assertThat(options.limits().idleTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.limits().maxRecordBytes()).isEqualTo(65536 + 65536);
    }

    @ParameterizedTest
    @CsvSource({
        "exportsFile, other, true",
        "exportsDirectory, other, true",
        "netgroupFile, other, true",
        "exportsPollMillis, 500, true",
        "maxTransferBytes, 65536, true",
        "maxTransferBytes, 2097152, false",
        "manageGids, true, true",
        "keyFile, other, false",
        "port, 2050, false",
        "udp, false, false",
        "workers, 7, false",
        "maxConnections, 7, false",
        "idleTimeoutSeconds, 7, false"
    })
    void whatCanChangeWhileConnectionsStayOpen(String key, String value, boolean canChange) {
        Object typed = value.matches("\\d+")
                ? (Object) Integer.valueOf(value)
                : value.matches("true|false") ? (Object) Boolean.valueOf(value) : value;
        assertThat(read(Map.of(key, typed)).fitsServerOf(read(Map.of()))).isEqualTo(canChange);
    }

    @ParameterizedTest
    @CsvSource({
        "port, -1, port = -1 must be from 0 to 65535",
        "port, 70000, port = 70000 must be from 0 to 65535",
        "workers, 0, workers = 0 must be from 1 to 1024",
        "maxTransferBytes, 100, maxTransferBytes = 100 must be from 4096 to 16777216",
        "exportsPollMillis, 0, exportsPollMillis = 0 must be at least 100",
        "callsPerConnection, 0, callsPerConnection = 0 must be at least 1",
        "bytesPerConnection, 1000, bytesPerConnection = 1000 must be at least 2228224",
        "idleTimeoutSeconds, -1, idleTimeoutSeconds = -1 must be at least 0"
    })
    void aWrongNumberIsNamed(String key, int value, String message) {
        assertThatThrownBy(() -> read(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void aValueThatIsNoNumberIsNamed() {
        assertThatThrownBy(() -> read(Map.of("workers", "many")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("workers must be a number");
    }

    @ParameterizedTest
    @CsvSource({"localhost", "10.0.0.300", "abc", "10.0.0.1/8", "1:2", "0x7f000001", "fe80::1%nosuchinterface"})
    void aWrongAddressIsNamed(String value) {
        assertThatThrownBy(() -> read(Map.of("addresses", new String[] {value})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("addresses: '" + value + "'");
    }

    @Test
    void anEmptyPathIsNamed() {
        assertThatThrownBy(() -> read(Map.of("keyFile", " ")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keyFile");
    }
}
