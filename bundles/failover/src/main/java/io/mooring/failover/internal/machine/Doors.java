package io.mooring.failover.internal.machine;

import io.mooring.sunrpc.MooredAddress;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcTransport;
import io.mooring.sunrpc.RpcTransport.Kind;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service's addresses at each server: calls come in by them, or are held. Thread-safe by its monitor, so that an address
 * that goes is never opened by somebody who saw it before.
 */
final class Doors {
    private static final Logger LOG = LoggerFactory.getLogger(Doors.class);

    private final List<Door> doors = new ArrayList<>();
    private final Set<InetAddress> open = new HashSet<>();
    /** What is open is held for the moment. */
    private boolean paused;

    /** A server's address. */
    record Door(RpcServer server, InetAddress address, MooredAddress moored) {}

    /** Adds one, which is held. */
    synchronized void add(Door door) {
        doors.add(door);
        open.remove(door.address());
    }

    /** Takes away those of a server, and all where it is null. */
    synchronized void remove(RpcServer server) {
        for (Door door : List.copyOf(doors)) {
            if (server == null || door.server() == server) {
                doors.remove(door);
                try {
                    door.moored().close();
                } catch (RuntimeException e) {
                    LOG.debug(
                            "failover: {} of {} was gone",
                            door.address(),
                            door.server().name(),
                            e);
                }
            }
        }
    }

    /**
     * Opens those of the addresses that are here.
     *
     * @param here asked while no address can be told to have gone
     * @return those that were not open before
     */
    synchronized Set<InetAddress> open(Supplier<Set<InetAddress>> here) {
        Set<InetAddress> fresh = new HashSet<>(here.get());
        fresh.removeAll(open);
        if (!paused) {
            openThose(fresh);
        }
        open.addAll(fresh);
        return fresh;
    }

    private void openThose(Set<InetAddress> addresses) {
        for (Door door : doors) {
            if (addresses.contains(door.address())) {
                door.moored().open();
            }
        }
    }

    /** Holds those that are open, for the moment: they count as open still. */
    synchronized void pause() {
        if (!paused && !open.isEmpty()) {
            paused = true;
            holdThose(open);
        }
    }

    /** Opens again those that would be open. */
    synchronized void resume() {
        if (paused) {
            paused = false;
            openThose(open);
        }
    }

    /** Whether those that would be open are held for the moment. */
    synchronized boolean isPaused() {
        return paused;
    }

    synchronized boolean anyOpen() {
        return !open.isEmpty();
    }

    /** Holds those of one address. */
    synchronized void hold(InetAddress address) {
        open.remove(address);
        paused &= !open.isEmpty();
        holdThose(Set.of(address));
    }

    private void holdThose(Set<InetAddress> addresses) {
        for (Door door : doors) {
            if (addresses.contains(door.address())) {
                // Who waits for the calls under way holds them all, and gets a future for each.
                var unused = door.moored().hold();
            }
        }
    }

    /** Holds all; completes when no call is under way any more. */
    synchronized CompletableFuture<Void> hold() {
        open.clear();
        paused = false;
        return CompletableFuture.allOf(
                doors.stream().map(door -> door.moored().hold()).toArray(CompletableFuture[]::new));
    }

    /** Closes the connections by which calls are under way: their clients may not read what they asked for. */
    void disconnect() {
        for (Door door : all()) {
            if (door.moored().callsUnderWay() > 0) {
                for (RpcTransport transport : door.server().transports()) {
                    if (transport.kind() == Kind.TEMPORARY
                            && transport.local().getAddress().equals(door.address())) {
                        door.server().closeTransport(transport.id());
                    }
                }
            }
        }
    }

    synchronized int callsUnderWay() {
        return doors.stream().mapToInt(door -> door.moored().callsUnderWay()).sum();
    }

    synchronized List<Door> all() {
        return List.copyOf(doors);
    }
}
