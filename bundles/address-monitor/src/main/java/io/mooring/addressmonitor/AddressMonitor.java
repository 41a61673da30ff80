package io.mooring.addressmonitor;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** What the monitor knows now; an OSGi service. Thread-safe. */
@ProviderType
public interface AddressMonitor {

    /** The addresses present, sorted by family and value. */
    List<LocalAddress> addresses();

    List<ListenerStatus> listeners();

    /** How changes are noticed: "rtnetlink", or "polling" where netlink is not to be had. */
    String source();

    /**
     * An address that is present.
     *
     * @param interfaces the names of the interfaces that have it
     * @param since when the monitor saw it first
     */
    record LocalAddress(InetAddress address, List<String> interfaces, Instant since) {}

    /**
     * A listener and how it fares.
     *
     * @param events changes delivered
     * @param failures times that it threw
     * @param pending changes not delivered yet
     * @param lastDuration how long its last call took, or the one that runs has taken so far
     */
    record ListenerStatus(String name, long events, long failures, int pending, Duration lastDuration) {}
}
