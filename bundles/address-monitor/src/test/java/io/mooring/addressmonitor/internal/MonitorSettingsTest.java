package io.mooring.addressmonitor.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.addressmonitor.internal.AddressMonitorComponent.Config;
import io.mooring.addressmonitor.internal.MonitorSettings.Source;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MonitorSettingsTest {

    @Test
    void theDefaultsAreThoseOfTheConfiguration() {
        MonitorSettings settings = MonitorSettings.of(config(Map.of()));

        assertThat(settings)
                .isEqualTo(
                        new MonitorSettings(Source.AUTO, Duration.ofSeconds(1), Duration.ofSeconds(10), 1024 * 1024));
    }

    @Test
    void valuesAreTaken() {
        MonitorSettings settings = MonitorSettings.of(config(Map.of(
                "source", " Poll ",
                "pollIntervalMillis", 250,
                "listenerTimeoutSeconds", 30,
                "receiveBufferBytes", 65536)));

        assertThat(settings)
                .isEqualTo(new MonitorSettings(Source.POLL, Duration.ofMillis(250), Duration.ofSeconds(30), 65536));
    }

    @Test
    void whatMakesNoSenseIsReplacedByTheDefault() {
        MonitorSettings settings = MonitorSettings.of(config(Map.of(
                "source",
                "telepathy",
                "pollIntervalMillis",
                99,
                "listenerTimeoutSeconds",
                3601,
                "receiveBufferBytes",
                new IllegalArgumentException("12 bananas"))));

        assertThat(settings).isEqualTo(MonitorSettings.of(config(Map.of())));
    }

    /** A configuration as Declarative Services makes it; a value that is an exception is thrown when it is asked for. */
    static Config config(Map<String, Object> values) {
        InvocationHandler answer = (proxy, method, arguments) -> {
            Object value = values.getOrDefault(method.getName(), method.getDefaultValue());
            if (value instanceof RuntimeException e) {
                throw e;
            }
            return value;
        };
        return (Config) Proxy.newProxyInstance(Config.class.getClassLoader(), new Class<?>[] {Config.class}, answer);
    }
}
