package io.mooring.rpcbind.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.function.IntSupplier;

/**
 * Finds a free privileged port to call from, as bindresvport(3) does. Thread-safe where its source of randomness is.
 * Between finding and using it another process may take it: the call then fails and is made again later.
 */
final class PrivilegedPorts {
    private static final int LOWEST = 600;
    private static final int COUNT = 1024 - LOWEST;
    private static final int TRIES = 20;

    private final IntSupplier random;

    PrivilegedPorts(IntSupplier random) {
        this.random = random;
    }

    /** A free one of this address, or 0 (any port) where none is to be had, as for a plain user. */
    int free(InetAddress local) {
        for (int i = 0; i < TRIES; i++) {
            int port = LOWEST + Math.floorMod(random.getAsInt(), COUNT);
            try (Socket probe = new Socket()) {
                probe.bind(new InetSocketAddress(local, port));
                return port;
            } catch (IOException e) {
                // in use, or not permitted: the next one tells
            }
        }
        return 0;
    }
}
