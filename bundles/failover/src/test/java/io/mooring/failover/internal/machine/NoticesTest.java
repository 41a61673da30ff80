package io.mooring.failover.internal.machine;

import static io.mooring.failover.internal.machine.Harbour.ADDRESS;
import static io.mooring.failover.internal.machine.Harbour.CLIENT;
import static io.mooring.failover.internal.machine.Harbour.LOCAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.failover.internal.ManualTurns;
import io.mooring.failover.internal.connection.Announcements;
import io.mooring.failover.internal.connection.Connection;
import io.mooring.failover.internal.connection.ConnectionTable;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Addresses that come and go while somebody is about to tell of them. */
class NoticesTest {
    private final ManualTurns turns = new ManualTurns();
    private final List<InetAddress> announced = new ArrayList<>();
    private final List<Connection> tickled = new ArrayList<>();
    private final Wish wish = new Wish(List.of(ADDRESS), true);
    private final ConnectionTable connections = new ConnectionTable(10);
    private final Notices notices = new Notices(
            Harbour.settings(true).moving(),
            new Surroundings.Outside(turns, tickled::add, new Announcements(turns, announced::add)),
            connections,
            wish);

    NoticesTest() {
        connections.record(List.of(new Connection("nfsd", LOCAL, CLIENT)), record -> {}, turns.nanoTime());
    }

    private void tell() {
        notices.announce(List.of(ADDRESS));
        notices.tickle(List.of(ADDRESS));
    }

    private void leave() {
        wish.left(ADDRESS);
        notices.gone(ADDRESS);
    }

    @Test
    void nobodyIsToldOfAnAddressThatWentAMomentAgo() {
        wish.arrived(ADDRESS, turns.nanoTime());
        leave();
        tell();
        wish.arrived(ADDRESS, turns.nanoTime());
        turns.run();
        assertThat(announced).as("whoever told had seen it before it went").isEmpty();
        assertThat(tickled).isEmpty();
        tell();
        turns.run();
        assertThat(announced).hasSize(1);
        assertThat(tickled).hasSize(1);
    }

    @Test
    void nobodyIsToldOfAnAddressThatGoesMeanwhile() {
        wish.arrived(ADDRESS, turns.nanoTime());
        tell();
        leave();
        turns.pass(Duration.ofSeconds(5));
        assertThat(announced).isEmpty();
    }

    @Test
    void anAddressThatComesAgainIsAnnouncedAnewAndNotForTheTimeBefore() {
        wish.arrived(ADDRESS, turns.nanoTime());
        tell();
        turns.pass(Duration.ofMillis(100));
        leave();
        wish.arrived(ADDRESS, turns.nanoTime());
        tell();
        turns.pass(Duration.ofSeconds(5));
        assertThat(announced).hasSize(1 + 3);
    }

    @Test
    void nobodyIsToldWhenTheServiceHasGone() {
        wish.arrived(ADDRESS, turns.nanoTime());
        tell();
        notices.end();
        turns.pass(Duration.ofSeconds(5));
        assertThat(announced).isEmpty();
        assertThat(tickled).isEmpty();
    }
}
