package io.mooring.addressmonitor.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mooring.addressmonitor.AddressMonitor.ListenerStatus;
import io.mooring.addressmonitor.AddressMonitor.LocalAddress;
import io.mooring.posix.testing.Ip;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The component as Declarative Services drives it, on this host. */
@Timeout(60)
class AddressMonitorComponentTest {

    @Test
    void tellsAListenerOfThisHostsAddresses() throws IOException {
        AddressMonitorComponent monitor = new AddressMonitorComponent(MonitorSettingsTest.config(Map.of()));
        RecordingListener listener = new RecordingListener("test");
        try {
            assertThat(monitor.source()).isEqualTo("rtnetlink");
            assertThat(monitor.addresses()).extracting(LocalAddress::address).contains(Ip.of("127.0.0.1"));
            monitor.addListener(listener);
            await().untilAsserted(() -> assertThat(listener.told()).contains("+127.0.0.1"));
            assertThat(monitor.listeners()).extracting(ListenerStatus::name).containsExactly("test");
        } finally {
            monitor.removeListener(listener);
            monitor.deactivate();
        }
        assertThat(monitor.listeners()).isEmpty();
    }

    @Test
    void pollsWhereTold() throws IOException {
        AddressMonitorComponent monitor =
                new AddressMonitorComponent(MonitorSettingsTest.config(Map.of("source", "poll")));
        try {
            assertThat(monitor.source()).isEqualTo("polling");
            assertThat(monitor.addresses()).extracting(LocalAddress::address).contains(Ip.of("127.0.0.1"));
        } finally {
            monitor.deactivate();
        }
    }
}
