package io.mooring.rpcbind.internal;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * The configuration, checked. Immutable.
 *
 * @param port of our rpcbind, or of the host's
 * @param addresses where our rpcbind listens; empty: on every address
 * @param udp whether our rpcbind answers on UDP too
 * @param privilegedSet SET and UNSET only from privileged ports on loopback
 * @param maxRegistrations what other programs may register
 * @param verifyInterval how often the registration with the host's rpcbind is looked after
 */
record Settings(
        Mode mode,
        int port,
        List<InetAddress> addresses,
        boolean udp,
        boolean privilegedSet,
        int maxRegistrations,
        Duration verifyInterval) {

    Settings {
        addresses = List.copyOf(addresses);
    }

    /** How programs become known. */
    enum Mode {
        /** By our own rpcbind, else by the host's. */
        AUTO,
        /** Only by our own rpcbind. */
        SERVER,
        /** Only by the host's rpcbind. */
        REGISTER,
        /** Not at all. */
        OFF
    }
}
