package io.mooring.failover.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.failover.internal.ManualTurns;
import io.mooring.failover.internal.ServiceSettings.Tickles;
import io.mooring.posix.testing.Ip;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TicklerTest {
    private final ManualTurns turns = new ManualTurns();
    private final long start = turns.nanoTime();
    /** When each was sent, in milliseconds. */
    private final Map<Connection, List<Long>> sent = new HashMap<>();

    private final Set<Connection> back = new HashSet<>();

    private Tickler tickler(int connections, int perSecond) {
        return new Tickler(new Tickles(true, connections, perSecond), turns, this::note);
    }

    private void note(Connection connection) {
        sent.computeIfAbsent(connection, c -> new ArrayList<>()).add((turns.nanoTime() - start) / 1_000_000);
    }

    private static Connection from(int port) {
        return new Connection(
                "nfsd",
                new InetSocketAddress(Ip.of("192.0.2.50"), 2049),
                new InetSocketAddress(Ip.of("192.0.2." + (1 + port % 250)), port));
    }

    private static List<Connection> many(int count) {
        return IntStream.range(1, count + 1).mapToObj(TicklerTest::from).toList();
    }

    @Test
    void aClientThatStaysAwayIsToldFourTimes() {
        tickler(10, 100).tell(List.of(from(700)), back::contains);
        turns.pass(Duration.ofMinutes(1));
        assertThat(sent.get(from(700))).containsExactly(0L, 600L, 1200L, 2400L);
    }

    @Test
    void aConnectionThatIsBackIsToldNoMore() {
        Tickler tickler = tickler(10, 100);
        tickler.tell(List.of(from(700), from(701)), back::contains);
        turns.pass(Duration.ofMillis(700));
        back.add(from(700));
        turns.pass(Duration.ofMinutes(1));
        assertThat(sent.get(from(700))).hasSize(2);
        assertThat(sent.get(from(701))).hasSize(4);
        assertThat(tickler.sent()).isEqualTo(6);
    }

    @Test
    void nobodyIsToldWhenTheAddressIsGone() {
        Tickler tickler = tickler(10, 100);
        tickler.tell(List.of(from(700)), back::contains);
        turns.pass(Duration.ofMillis(700));
        tickler.stop();
        turns.pass(Duration.ofMinutes(1));
        assertThat(sent.get(from(700))).hasSize(2);
    }

    @Test
    void theRateIsKept() {
        tickler(10_000, 1000).tell(many(3000), back::contains);
        turns.pass(Duration.ofSeconds(1));
        assertThat(told()).isBetween(900, 1100);
        turns.pass(Duration.ofMinutes(1));
        assertThat(sent).hasSize(3000);
        assertThat(sent.values()).allSatisfy(times -> assertThat(times).hasSize(4));
        assertThat(sent.values()).allSatisfy(times -> {
            for (int i = 1; i < times.size(); i++) {
                assertThat(times.get(i) - times.get(i - 1)).isGreaterThanOrEqualTo(500);
            }
        });
    }

    private int told() {
        return sent.values().stream().mapToInt(List::size).sum();
    }

    /** As where several addresses of a service come at once. */
    @Test
    void theRateIsKeptByAllTogether() {
        Tickler tickler = tickler(10_000, 1000);
        tickler.tell(many(3000).subList(0, 1500), back::contains);
        turns.pass(Duration.ofMillis(10));
        tickler.tell(many(3000).subList(1500, 3000), back::contains);
        turns.pass(Duration.ofMillis(990));
        assertThat(told()).isBetween(900, 1100);
        turns.pass(Duration.ofMinutes(1));
        assertThat(sent).hasSize(3000);
        assertThat(sent.values()).allSatisfy(times -> assertThat(times).hasSize(4));
    }

    @Test
    void whoIsToldLaterNeedsNotWaitForTheNextRoundOfOthers() {
        Tickler tickler = tickler(10, 1000);
        tickler.tell(List.of(from(700)), back::contains);
        turns.pass(Duration.ofMillis(100));
        tickler.tell(List.of(from(701)), back::contains);
        turns.pass(Duration.ofMinutes(1));
        assertThat(sent.get(from(700))).containsExactly(0L, 600L, 1200L, 2400L);
        assertThat(sent.get(from(701))).containsExactly(100L, 700L, 1300L, 2500L);
    }

    @Test
    void whatComesAfterAStopIsTold() {
        Tickler tickler = tickler(10, 1000);
        tickler.tell(List.of(from(700)), back::contains);
        tickler.stop();
        tickler.tell(List.of(from(701)), back::contains);
        turns.pass(Duration.ofMinutes(1));
        assertThat(sent).containsOnlyKeys(from(701));
        assertThat(sent.get(from(701))).hasSize(4);
    }

    @Test
    void theNumberIsKept() {
        tickler(5, 1000).tell(many(20), back::contains);
        turns.pass(Duration.ofMinutes(1));
        assertThat(sent).hasSize(5);
    }

    @Test
    void itCanBeSwitchedOff() {
        new Tickler(new Tickles(false, 10, 10), turns, this::note).tell(many(2), back::contains);
        turns.pass(Duration.ofMinutes(1));
        assertThat(sent).isEmpty();
    }

    @Test
    void oneThatFailsStopsNoOther() {
        Tickler tickler = new Tickler(new Tickles(true, 10, 100), turns, connection -> {
            if (connection.equals(from(700))) {
                throw new IOException("Cannot assign requested address");
            }
            note(connection);
        });
        tickler.tell(List.of(from(700), from(701)), back::contains);
        turns.pass(Duration.ofMinutes(1));
        assertThat(sent.get(from(701))).hasSize(4);
        assertThat(tickler.sent()).isEqualTo(4);
    }
}
