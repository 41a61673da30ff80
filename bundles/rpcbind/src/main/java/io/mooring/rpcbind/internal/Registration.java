package io.mooring.rpcbind.internal;

import io.mooring.sunrpc.Netid;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Where one version of a program is reached over one transport. Immutable.
 *
 * @param host the address that it listens on, or the family's wildcard address
 * @param port 1 to 65535
 * @param owner who registered it: {@link #SUPERUSER} or {@link #UNKNOWN}
 */
record Registration(int program, int version, Netid netid, InetAddress host, int port, String owner) {
    /** Registered by a program with the right to use a privileged port, as rpcbind(8) calls it. */
    static final String SUPERUSER = "superuser";
    /** Registered by anybody on this host. */
    static final String UNKNOWN = "unknown";

    static final InetAddress ANY_IPV4 = wildcard(4);
    static final InetAddress ANY_IPV6 = wildcard(16);

    /** What can be registered once: a version of a program on a transport. */
    record Key(int program, int version, String netid) {}

    Key key() {
        return new Key(program, version, netid.id());
    }

    UniversalAddress address() {
        return new UniversalAddress(host, port);
    }

    static boolean isIpv6(Netid netid) {
        return netid == Netid.TCP6 || netid == Netid.UDP6;
    }

    static InetAddress wildcard(Netid netid) {
        return isIpv6(netid) ? ANY_IPV6 : ANY_IPV4;
    }

    static Netid netid(boolean tcp, InetAddress family) {
        if (family instanceof Inet6Address) {
            return tcp ? Netid.TCP6 : Netid.UDP6;
        }
        return tcp ? Netid.TCP : Netid.UDP;
    }

    static Optional<Netid> netid(String id) {
        for (Netid netid : Netid.values()) {
            if (netid.id().equals(id)) {
                return Optional.of(netid);
            }
        }
        return Optional.empty();
    }

    private static InetAddress wildcard(int length) {
        try {
            return InetAddress.getByAddress(new byte[length]);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
