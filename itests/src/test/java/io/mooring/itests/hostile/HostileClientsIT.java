package io.mooring.itests.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What hostile clients cost: while they are at it the server's memory stays within its bound and a client that behaves
 * loses less than a fifth of its speed; afterwards nothing is left of them. The machine that runs this also runs the
 * attackers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileClientsIT {
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final Duration ATTACK = Duration.ofSeconds(4);
    /** Of its speed the client that behaves keeps more than this. */
    private static final double KEPT = 0.8;

    /** In any single round, whatever else this machine does. */
    private static final double KEPT_ALWAYS = 0.3;

    private static final int ROUNDS = 4;
    /** More than are answered while an attack is only beginning. */
    private static final int MANY_CALLS = 5000;
    /** The listener and the two connections of the client that behaves. */
    private static final int OWN_TRANSPORTS = 3;

    private static final int QUESTION_BYTES = 4 << 10;
    /** What one dispatch on each event loop and one reply of each worker add to the limit, of at most a record each. */
    private static final long SLACK_BYTES = (TargetServer.LIMITS.workers() + 4L) * TargetServer.LIMITS.maxRecordBytes();
    /** Newcomers have the limit for themselves, and so have the proven. */
    private static final long IN_FLIGHT_BYTES = 2 * TargetServer.LIMITS.bytes();
    /** A record's pieces hold up to twice their bytes; pools hold free chunks. */
    private static final long DIRECT_BYTES = 2 * (IN_FLIGHT_BYTES + SLACK_BYTES) + (64L << 20);

    private ServerProcess server;
    private SteadyClient client;
    /** Of the last round. */
    private ServerState most;

    /** What the attackers do again and again while the client is watched. */
    @FunctionalInterface
    private interface Attack {
        void run(Attackers attackers) throws IOException;
    }

    @BeforeAll
    void start() throws Exception {
        server = ServerProcess.start(new File("target/hostile-server.log"));
        client = new SteadyClient(server.address());
        client.prove();
        await().atMost(Duration.ofSeconds(30)).until(() -> client.answered() > 1000 || client.failure() != null);
    }

    @AfterAll
    void stop() throws Exception {
        if (client != null) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aByteAtATime() throws Exception {
        attack("200 clients that send a byte at a time", a -> a.connect(200), Attackers::sendAByteEach);
    }

    /** They fill the newcomers' memory for replies, and only that. */
    @Test
    void neverReadingReplies() throws Exception {
        attack("100 clients that never read", a -> a.connect(100), Attackers::askAndNeverRead);
        assertThat(most.bytesInFlight()).isLessThan(TargetServer.LIMITS.bytes() + SLACK_BYTES);
    }

    /** They fill the memory for replies of the proven, and stop them for a moment: until they are newcomers again. */
    @Test
    void provingThemselvesAndThenNeverReading() throws Exception {
        attack(
                "100 clients that never read, after they did",
                a -> {
                    a.connect(100);
                    a.askAndRead();
                    a.askAndNeverRead();
                    long stopped = client.answered() + MANY_CALLS;
                    await().atMost(Duration.ofSeconds(30)).until(() -> client.answered() > stopped);
                },
                Attackers::askAndNeverRead);
    }

    /** They fill the newcomers' memory for requests. */
    @Test
    void neverEndingRecords() throws Exception {
        attack("200 clients that never end a record of 1 MiB", a -> a.connect(200), Attackers::sendAlmostAll);
    }

    @Test
    void fiveThousandIdleConnections() throws Exception {
        int connections = 5000;
        long files = ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                .getMaxFileDescriptorCount();
        Assumptions.assumeTrue(
                files > connections + 500,
                "ulimit -n allows " + files + " open files; " + connections + " idle connections need 5500");
        attack("5000 idle clients", a -> a.connect(connections), a -> {});
    }

    @Test
    void garbage() throws Exception {
        attack("1000 clients that send garbage", a -> a.garbage(1000), a -> {});
    }

    @Test
    void recordsOfOneGibibyte() throws Exception {
        attack("1000 clients that announce 1 GiB", a -> a.hugeRecords(1000), a -> {});
    }

    @Test
    void openingAndResetting() throws Exception {
        attack("clients that open and reset", a -> {}, a -> a.openAndReset(50));
    }

    /** Attacks again where the client was slower than it may be: other work of this machine makes it slower, but not always. */
    private void attack(String who, Attack begin, Attack again) throws Exception {
        double kept = 0;
        for (int round = 0; round < ROUNDS && kept <= KEPT; round++) {
            double now = round(who, begin, again);
            assertThat(now).as("in one round").isGreaterThan(KEPT_ALWAYS);
            kept = Math.max(kept, now);
        }
        assertThat(kept)
                .as("the part of its speed that the client that behaves kept")
                .isGreaterThan(KEPT);
    }

    /** Watches one attack, and gives the part of its speed that the client that behaves kept. */
    private double round(String who, Attack begin, Attack again) throws Exception {
        ServerState before = client.state();
        double quiet = throughput(QUIET, () -> {});
        Peak peak = new Peak();
        double during;
        try (Attackers attackers = new Attackers(server.address())) {
            begin.run(attackers);
            during = throughput(ATTACK, () -> {
                again.run(attackers);
                peak.add(client.state());
            });
            client.askAsNewcomer();
        }
        ServerState last = peak.state();
        most = last;
        System.out.printf(
                "hostile: %s: %.0f calls/s before, %.0f during (%+.0f %%); peak %d KiB in flight, %d MiB direct, %d MiB heap,"
                        + " %d transports; %d accepted, %d bad records%n",
                who,
                quiet,
                during,
                100 * (during - quiet) / quiet,
                last.bytesInFlight() >> 10,
                last.directBytes() >> 20,
                last.heapBytes() >> 20,
                last.transports(),
                last.accepted() - before.accepted(),
                last.badRecords() - before.badRecords());
        assertThat(client.failure()).as("the client that behaves").isNull();
        assertThat(server.isAlive()).isTrue();
        assertThat(last.bytesInFlight()).isLessThan(IN_FLIGHT_BYTES + SLACK_BYTES);
        assertThat(last.directBytes()).isLessThan(DIRECT_BYTES);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(this::assertNothingLeft);
        long after = client.answered();
        await().atMost(Duration.ofSeconds(30)).until(() -> client.answered() > after + 100);
        return during / quiet;
    }

    private void assertNothingLeft() throws Exception {
        ServerState state = client.state();
        assertThat(state.transports()).isEqualTo(OWN_TRANSPORTS);
        // The question itself is in flight, and a call of the client may be.
        assertThat(state.bytesInFlight()).isLessThan(QUESTION_BYTES + (32 << 10));
    }

    /** Work that may fail. */
    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    /** Calls answered per second while the step is repeated, ten times a second at the most. */
    private double throughput(Duration time, Step step) throws Exception {
        long answered = client.answered();
        long start = System.nanoTime();
        long end = start + time.toNanos();
        while (System.nanoTime() < end) {
            step.run();
            await().pollDelay(Duration.ofMillis(100)).until(() -> true);
        }
        return (client.answered() - answered) * 1e9 / (System.nanoTime() - start);
    }

    /** The most of everything that was seen. Used by one thread. */
    private static final class Peak {
        private ServerState state = new ServerState(0, 0, 0, 0, 0, 0);

        void add(ServerState seen) {
            state = new ServerState(
                    Math.max(state.bytesInFlight(), seen.bytesInFlight()),
                    Math.max(state.directBytes(), seen.directBytes()),
                    Math.max(state.heapBytes(), seen.heapBytes()),
                    Math.max(state.transports(), seen.transports()),
                    Math.max(state.accepted(), seen.accepted()),
                    Math.max(state.badRecords(), seen.badRecords()));
        }

        ServerState state() {
            return state;
        }
    }
}
