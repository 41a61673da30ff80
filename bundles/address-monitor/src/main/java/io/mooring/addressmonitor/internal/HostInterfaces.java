package io.mooring.addressmonitor.internal;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The interfaces and addresses as Java sees them, for hosts without netlink. Stateless. */
final class HostInterfaces {
    private HostInterfaces() {}

    static Snapshot now() throws IOException {
        List<Assignment> assignments = new ArrayList<>();
        Map<Integer, String> names = new HashMap<>();
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            names.put(each.getIndex(), each.getName());
            for (InterfaceAddress it : each.getInterfaceAddresses()) {
                if (it != null && it.getAddress() != null) {
                    InetAddress address = normal(it.getAddress());
                    assignments.add(new Assignment(
                            address, each.getIndex(), it.getNetworkPrefixLength(), Optional.empty(), true));
                }
            }
        }
        return new Snapshot(assignments, names);
    }

    /** Java gives every IPv6 address a scope; only a link-local one has one. */
    private static InetAddress normal(InetAddress address) throws IOException {
        if (address instanceof Inet6Address && !address.isLinkLocalAddress()) {
            return InetAddress.getByAddress(address.getAddress());
        }
        return address;
    }
}
