package io.mooring.addressmonitor;

import java.net.InetAddress;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Wants to know which addresses this host has: register it as an OSGi service. It is told the addresses present when it
 * is bound, then each change in order; one call at a time, each on a thread of its own listener, so that one that hangs
 * or throws stops no other. An address counts as present when it is on any interface (IPv6: no longer tentative) and as
 * removed when it is gone from all of them. Link-local addresses carry their scope.
 */
@ConsumerType
public interface AddressListener {

    /** For people: who listens. */
    String name();

    void addressAdded(InetAddress address);

    void addressRemoved(InetAddress address);
}
