package io.mooring.addressmonitor.internal;

import io.mooring.posix.RtAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;

/**
 * An address on an interface. One interface may have an IPv4 address several times, with different prefixes or peers.
 * Immutable.
 *
 * @param usable false while IPv6 duplicate address detection runs and when it failed: then it counts as absent
 */
record Assignment(
        InetAddress address, int interfaceIndex, int prefixLength, Optional<InetAddress> peer, boolean usable) {

    static Assignment of(RtAddress it) {
        return new Assignment(it.address(), it.interfaceIndex(), it.prefixLength(), it.peer(), it.usable());
    }

    /** Which of the assignments of an address this is. */
    Slot slot() {
        // IPv6: once per interface, while prefix and peer may change (ip addr change).
        return address instanceof Inet6Address
                ? new Slot(interfaceIndex, 0, Optional.empty())
                : new Slot(interfaceIndex, prefixLength, peer);
    }

    record Slot(int interfaceIndex, int prefixLength, Optional<InetAddress> peer) {}
}
