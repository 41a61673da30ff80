package io.mooring.posix.internal.netlink;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses from the kernel's bytes. Stateless. */
public final class Addresses {
    private Addresses() {}

    /**
     * IPv4-mapped addresses become IPv4; a link-local one carries the interface as its scope, any other none.
     *
     * @param raw 4 or 16 bytes
     * @param interfaceIndex 0 where it is not known
     */
    public static InetAddress of(byte[] raw, int interfaceIndex) {
        try {
            InetAddress address = InetAddress.getByAddress(raw);
            if (interfaceIndex > 0 && address instanceof Inet6Address && address.isLinkLocalAddress()) {
                return Inet6Address.getByAddress(null, raw, interfaceIndex);
            }
            return address;
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of " + raw.length + " bytes", e);
        }
    }

    /**
     * The same address, scope included ({@link Inet6Address#equals} leaves it out); a missing scope matches any.
     */
    public static boolean same(InetAddress one, InetAddress other) {
        if (!one.equals(other)) {
            return false;
        }
        return scope(one) == 0 || scope(other) == 0 || scope(one) == scope(other);
    }

    private static int scope(InetAddress address) {
        return address instanceof Inet6Address six && six.isLinkLocalAddress() ? six.getScopeId() : 0;
    }
}
