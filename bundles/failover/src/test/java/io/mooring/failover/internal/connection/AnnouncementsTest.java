package io.mooring.failover.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mooring.failover.internal.ManualTurns;
import io.mooring.failover.internal.connection.Announcements.Announcement;
import io.mooring.posix.testing.Ip;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnouncementsTest {
    private static final InetAddress ADDRESS = Ip.of("192.0.2.50");
    private static final InetAddress OTHER = Ip.of("2001:db8::50");

    private final ManualTurns turns = new ManualTurns();
    private final List<InetAddress> sent = new ArrayList<>();

    @Test
    void thereAreThree() {
        new Announcements(turns, sent::add).announce(ADDRESS);
        turns.pass(Duration.ofMinutes(1));
        assertThat(sent).containsExactly(ADDRESS, ADDRESS, ADDRESS);
    }

    @Test
    void noneFollowsTheEnd() {
        Announcements announcements = new Announcements(turns, sent::add);
        Announcement one = announcements.announce(ADDRESS);
        announcements.announce(OTHER);
        turns.pass(Duration.ofMillis(100));
        one.end();
        turns.pass(Duration.ofMinutes(1));
        assertThat(sent).containsExactly(ADDRESS, OTHER, OTHER, OTHER);
    }

    /** As of a process that was stopped (SIGSTOP): it does not know yet that another node has the address. */
    @Test
    void noneIsMuchTooLate() {
        new Announcements(turns, sent::add).announce(ADDRESS);
        turns.pass(Duration.ofMillis(100));
        turns.stop(Duration.ofSeconds(10));
        turns.run();
        turns.pass(Duration.ofMinutes(1));
        assertThat(sent).containsExactly(ADDRESS);
    }

    @Test
    void oneThatIsALittleLateIsNotLeftOut() {
        new Announcements(turns, sent::add).announce(ADDRESS);
        turns.stop(Duration.ofMillis(400));
        turns.run();
        turns.pass(Duration.ofMinutes(1));
        assertThat(sent).containsExactly(ADDRESS, ADDRESS, ADDRESS);
    }

    @Test
    void noneIsUnderWayAfterTheEnd() throws Exception {
        List<String> events = Collections.synchronizedList(new ArrayList<>());
        Thread[] ending = new Thread[1];
        Announcement[] begun = new Announcement[1];
        Announcements announcements = new Announcements(turns, address -> {
            ending[0] = new Thread(() -> {
                begun[0].end();
                events.add("ended");
            });
            ending[0].start();
            await().until(() -> ending[0].getState() == Thread.State.BLOCKED || !ending[0].isAlive());
            events.add("sent");
        });
        begun[0] = announcements.announce(ADDRESS);
        turns.run();
        ending[0].join(10_000);
        assertThat(events).containsExactly("sent", "ended");
    }

    @Test
    void whereItIsNotPermittedNothingElseHappens() {
        new Announcements(turns, address -> {
                    throw new IOException("Operation not permitted");
                })
                .announce(ADDRESS);
        turns.pass(Duration.ofMinutes(1));
        assertThat(sent).isEmpty();
    }
}
