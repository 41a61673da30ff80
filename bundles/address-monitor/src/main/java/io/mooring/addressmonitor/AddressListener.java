package io.mooring.addressmonitor;

import java.net.InetAddress;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Wants to know which addresses this host has: register it as an OSGi service. It is told the addresses present when it
 * is bound, also when the monitor comes back after it was away, then each change in order; one call at a time, each on a thread of its own listener, so that one that hangs
 * or throws stops no other. An address counts as present when it is on any interface (IPv6: no longer tentative) and as
 * removed when it is gone from all of them. Link-local addresses carry their scope.
 */
@ConsumerType
public interface AddressListener {

    /** For people: who listens. */
    String name();

    /**
     * The addresses that are present when the listener is bound. One that was bound before may have missed changes: it
     * compares them with those that it knows. By default each is told of as added.
     */
    default void addressesPresent(List<InetAddress> addresses) {
        addresses.forEach(this::addressAdded);
    }

    void addressAdded(InetAddress address);

    void addressRemoved(InetAddress address);
}
