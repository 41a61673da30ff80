package io.mooring.rpcbind.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.rpcbind.internal.RpcbindComponent.Config;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the configuration says, and what is made of one that is wrong. */
final class ConfigurationTest {

    @Test
    void theDefaults() {
        assertThat(settings(Map.of()))
                .isEqualTo(new Settings(Settings.Mode.AUTO, 111, List.of(), true, false, 256, Duration.ofMinutes(1)));
    }

    @Test
    void addressesAreAListOrOneStringWithCommas() {
        var both = List.of(FakeCall.address("10.0.0.5"), FakeCall.address("2001:db8::5"));

        assertThat(settings(Map.of("addresses", new String[] {"10.0.0.5", "2001:db8::5"}))
                        .addresses())
                .isEqualTo(both);
        assertThat(settings(Map.of("addresses", new String[] {" 10.0.0.5, 2001:db8::5 "}))
                        .addresses())
                .isEqualTo(both);
    }

    @ParameterizedTest
    @CsvSource({"SERVER, server", "REGISTER, Register", "OFF, ' off '"})
    void modes(Settings.Mode mode, String text) {
        assertThat(settings(Map.of("mode", text)).mode()).isEqualTo(mode);
    }

    @Test
    void aWrongValueTurnsItOff() {
        assertThat(List.<Map<String, Object>>of(
                        Map.of("mode", "on"),
                        Map.of("port", 0),
                        Map.of("port", 65536),
                        Map.of("addresses", new String[] {"10.0.0.256"}),
                        Map.of("maxRegistrations", -1),
                        Map.of("maxRegistrations", 513),
                        Map.of("verifyIntervalSeconds", 0)))
                .allSatisfy(wrong -> assertThat(settings(wrong).mode()).isEqualTo(Settings.Mode.OFF));
    }

    /** The component runtime throws from the accessor. */
    @Test
    void whatIsNoNumberTurnsItOff() {
        Supplier<Object> failing = () -> {
            throw new IllegalStateException("no number");
        };
        assertThat(settings(Map.of("port", failing)).mode()).isEqualTo(Settings.Mode.OFF);
    }

    @Test
    void theReadmeNamesEveryKeyWithItsDefault() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        for (Method key : Config.class.getDeclaredMethods()) {
            Object value = key.getDefaultValue();
            String text = value instanceof String[] ? "none" : value.toString();
            assertThat(readme).contains("\n| `" + key.getName() + "` | " + text + " | ");
        }
    }

    private static Settings settings(Map<String, Object> values) {
        Config config = (Config) Proxy.newProxyInstance(
                Config.class.getClassLoader(), new Class<?>[] {Config.class}, (proxy, method, arguments) -> {
                    Object value = values.getOrDefault(method.getName(), method.getDefaultValue());
                    return value instanceof Supplier<?> supplier ? supplier.get() : value;
                });
        assertThat(Arrays.stream(Config.class.getDeclaredMethods()).map(Method::getName))
                .containsAll(values.keySet());
        return RpcbindComponent.settingsOrOff(config);
    }
}
