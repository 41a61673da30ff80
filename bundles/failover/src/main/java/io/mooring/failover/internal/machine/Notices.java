package io.mooring.failover.internal.machine;

import io.mooring.failover.internal.ServiceSettings.Moving;
import io.mooring.failover.internal.connection.Announcements;
import io.mooring.failover.internal.connection.Connection;
import io.mooring.failover.internal.connection.ConnectionTable;
import io.mooring.failover.internal.connection.Tickler;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells neighbours and clients that addresses came here, once each time that one comes. Neighbours first, or what clients answer goes
 * to the node that had it. Thread-safe.
 */
final class Notices {
    private final Moving settings;
    private final Announcements announcements;
    private final Tickler tickler;
    private final ConnectionTable connections;
    private final Wish wish;
    private final Set<InetAddress> announced = ConcurrentHashMap.newKeySet();
    private final Set<InetAddress> tickled = ConcurrentHashMap.newKeySet();

    Notices(Moving settings, Surroundings.Outside outside, ConnectionTable connections, Wish wish) {
        this.settings = settings;
        this.announcements = outside.announcements();
        this.tickler = new Tickler(settings.tickles(), outside.turns(), outside.tickles());
        this.connections = connections;
        this.wish = wish;
    }

    /** Tells neighbours. Whoever has the service: this is where the address is. */
    void announce(Collection<InetAddress> addresses) {
        if (settings.announce()) {
            addresses.stream()
                    .filter(announced::add)
                    .forEach(address -> announcements.announce(
                            address, here -> wish.present().contains(here)));
        }
    }

    /** Tells clients. Returns those of whom there was something to tell. */
    List<Connection> tickle(Collection<InetAddress> addresses) {
        List<Connection> earlier = addresses.stream()
                .filter(tickled::add)
                .flatMap(address -> connections.earlier(address).stream())
                .toList();
        tickler.tell(earlier, connections::isBack);
        return earlier;
    }

    /** When it comes again, there is something to tell. */
    void gone(InetAddress address) {
        announced.remove(address);
        tickled.remove(address);
    }

    /** The service goes: where it comes again, clients are told again. */
    void end() {
        tickler.stop();
        tickled.clear();
    }

    /** How many tickles were sent. */
    long tickles() {
        return tickler.sent();
    }
}
