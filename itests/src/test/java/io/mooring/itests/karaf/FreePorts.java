package io.mooring.itests.karaf;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * Ports that nobody has, by TCP and by UDP, and that the kernel gives to nobody who does not ask for them: a port from its own range
 * may be a connection's before the server is there. Each is given once. Owned by one thread.
 */
final class FreePorts {
    /** Below those that Linux gives to connections (ip_local_port_range), above those of pax-exam. */
    private static final int FIRST = 22_000;

    private static final int LAST = 32_000;

    private final Random random = new Random();
    private final Set<Integer> given = new HashSet<>();

    int next() {
        for (int tries = 0; tries < LAST - FIRST; tries++) {
            int port = FIRST + random.nextInt(LAST - FIRST);
            if (isFree(port) && given.add(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no port is free from " + FIRST + " to " + LAST);
    }

    private static boolean isFree(int port) {
        try (ServerSocket tcp = new ServerSocket(port);
                DatagramSocket udp = new DatagramSocket(port)) {
            return tcp.isBound() && udp.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
