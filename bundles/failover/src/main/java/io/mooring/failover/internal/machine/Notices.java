package io.mooring.failover.internal.machine;

import io.mooring.failover.internal.ServiceSettings.Moving;
import io.mooring.failover.internal.connection.Announcements;
import io.mooring.failover.internal.connection.Announcements.Announcement;
import io.mooring.failover.internal.connection.Connection;
import io.mooring.failover.internal.connection.ConnectionTable;
import io.mooring.failover.internal.connection.Tickler;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tells neighbours and clients that addresses came here, once each time that one comes. Neighbours first, or what clients answer goes
 * to the node that had it. Thread-safe by its monitor.
 */
final class Notices {
    private final Moving settings;
    private final Announcements announcements;
    private final Tickler tickler;
    private final ConnectionTable connections;
    private final Wish wish;
    private final Map<InetAddress, Announcement> announced = new HashMap<>();
    private final Set<InetAddress> tickled = new HashSet<>();

    Notices(Moving settings, Surroundings.Outside outside, ConnectionTable connections, Wish wish) {
        this.settings = settings;
        this.announcements = outside.announcements();
        this.tickler = new Tickler(settings.tickles(), outside.turns(), outside.tickles());
        this.connections = connections;
        this.wish = wish;
    }

    /** Tells neighbours. Whoever has the service: this is where the address is. */
    synchronized void announce(Collection<InetAddress> addresses) {
        if (settings.announce()) {
            here(addresses).forEach(address -> announced.computeIfAbsent(address, announcements::announce));
        }
    }

    /** Tells clients. Returns those of whom there was something to tell. */
    synchronized List<Connection> tickle(Collection<InetAddress> addresses) {
        List<Connection> earlier = here(addresses)
                .filter(tickled::add)
                .flatMap(address -> connections.earlier(address).stream())
                .toList();
        tickler.tell(earlier, connections::isBack);
        return earlier;
    }

    /** Those that have not gone since: {@link #gone} was called before, or comes yet. */
    private Stream<InetAddress> here(Collection<InetAddress> addresses) {
        return addresses.stream().filter(wish.present()::contains);
    }

    /** To be called after the wish was told. When it returns nobody is told that it is here. When it comes again, they are told again. */
    synchronized void gone(InetAddress address) {
        Announcement announcement = announced.remove(address);
        if (announcement != null) {
            announcement.end();
        }
        tickled.remove(address);
    }

    /** Its connections are not known any more: where they are again, clients are told again. */
    synchronized void endTickles() {
        tickler.stop();
        tickled.clear();
    }

    /** The service goes. */
    synchronized void end() {
        endTickles();
        announced.values().forEach(Announcement::end);
        announced.clear();
    }

    /** How many tickles were sent. */
    long tickles() {
        return tickler.sent();
    }
}
