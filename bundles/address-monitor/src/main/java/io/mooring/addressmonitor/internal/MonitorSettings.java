package io.mooring.addressmonitor.internal;

import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration, checked: a value that makes no sense gives a log line and the default, since no monitor at all
 * would be worse. Immutable.
 */
record MonitorSettings(Source source, Duration pollInterval, Duration listenerTimeout, int receiveBufferBytes) {
    private static final Logger LOG = LoggerFactory.getLogger(MonitorSettings.class);

    static final int POLL_INTERVAL_MILLIS = 1000;
    static final int LISTENER_TIMEOUT_SECONDS = 10;
    static final int RECEIVE_BUFFER_BYTES = 1024 * 1024;

    /** How changes are noticed. */
    enum Source {
        AUTO,
        NETLINK,
        POLL
    }

    static MonitorSettings of(AddressMonitorComponent.Config config) {
        return new MonitorSettings(
                source(config::source),
                Duration.ofMillis(
                        number("pollIntervalMillis", config::pollIntervalMillis, 100, 60_000, POLL_INTERVAL_MILLIS)),
                Duration.ofSeconds(number(
                        "listenerTimeoutSeconds", config::listenerTimeoutSeconds, 1, 3600, LISTENER_TIMEOUT_SECONDS)),
                number("receiveBufferBytes", config::receiveBufferBytes, 4096, 1 << 26, RECEIVE_BUFFER_BYTES));
    }

    private static Source source(Supplier<String> configured) {
        String text = configured.get().trim();
        for (Source source : Source.values()) {
            if (source.name().equalsIgnoreCase(text)) {
                return source;
            }
        }
        LOG.error("{}: source = {} is none of auto, netlink, poll; using auto", AddressMonitorComponent.PID, text);
        return Source.AUTO;
    }

    private static int number(String key, IntSupplier configured, int min, int max, int otherwise) {
        String problem;
        try {
            int value = configured.getAsInt();
            if (value >= min && value <= max) {
                return value;
            }
            problem = value + " is not in " + min + ".." + max;
        } catch (RuntimeException e) { // Declarative Services converts when asked
            problem = "not a number: " + e.getMessage();
        }
        LOG.error("{}: {} = {}; using {}", AddressMonitorComponent.PID, key, problem, otherwise);
        return otherwise;
    }
}
