package io.mooring.failover.internal.connection;

import io.mooring.failover.internal.ServiceSettings.Tickles;
import io.mooring.failover.internal.Turns;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the clients of a service that came here of their connections, a few times, until each is back. Not faster than its rate, and no connection
 * more often than twice a second. Its queue belongs to the thread of its turns; {@link #tell} and {@link #stop} may be called
 * by any.
 */
public final class Tickler {
    private static final Logger LOG = LoggerFactory.getLogger(Tickler.class);

    /** A lost packet is made good, and a client that was away for a moment is found. */
    private static final List<Duration> ROUNDS =
            List.of(Duration.ZERO, Duration.ofMillis(600), Duration.ofMillis(1200), Duration.ofMillis(2400));

    private static final long AT_LEAST_BETWEEN = Duration.ofMillis(500).toNanos();
    private static final Duration SLICE = Duration.ofMillis(20);

    private final Tickles limits;
    private final Turns turns;
    private final Sender sender;
    private final AtomicLong sent = new AtomicLong();
    private final Set<Campaign> campaigns = ConcurrentHashMap.newKeySet();

    /** Sends a tickle; never blocks. */
    @FunctionalInterface
    public interface Sender {
        void send(Connection connection) throws IOException;
    }

    public Tickler(Tickles limits, Turns turns, Sender sender) {
        this.limits = limits;
        this.turns = turns;
        this.sender = sender;
    }

    /** Begins with these, beside others that are being told. */
    public void tell(Collection<Connection> connections, Predicate<Connection> back) {
        if (!limits.enabled() || connections.isEmpty()) {
            return;
        }
        Campaign fresh = new Campaign(back, turns.nanoTime());
        connections.stream().limit(limits.connections()).forEach(fresh::add);
        campaigns.add(fresh);
        turns.soon(() -> run(fresh));
    }

    /** Nobody is told any more. */
    public void stop() {
        campaigns.clear();
    }

    /** How many were sent. */
    public long sent() {
        return sent.get();
    }

    private void run(Campaign current) {
        if (!campaigns.contains(current)) {
            return;
        }
        long now = turns.nanoTime();
        int budget = (int) Math.max(1, limits.perSecond() * SLICE.toMillis() / 1000);
        while (budget > 0 && current.isDue(now)) {
            Attempt attempt = current.due.poll();
            if (current.back.test(attempt.connection())) {
                continue;
            }
            budget--;
            send(attempt.connection());
            current.again(attempt, turns.nanoTime());
        }
        if (current.due.isEmpty()) {
            campaigns.remove(current);
        } else {
            long wait = current.due.peek().at() - turns.nanoTime();
            turns.later(wait > SLICE.toNanos() ? Duration.ofNanos(wait) : SLICE, () -> run(current));
        }
    }

    private void send(Connection connection) {
        try {
            sender.send(connection);
            sent.incrementAndGet();
        } catch (IOException | RuntimeException e) {
            // The address may have gone again, and nobody has told us yet. Our caller stops us then.
            LOG.debug("failover: no tickle for {}", connection, e);
        }
    }

    private record Attempt(Connection connection, int round, long at) {}

    /** Those that are told of one take-over. */
    private static final class Campaign {
        final PriorityQueue<Attempt> due;
        final Predicate<Connection> back;
        final long start;

        Campaign(Predicate<Connection> back, long start) {
            this.back = back;
            this.start = start;
            // Differences: the clock's numbers may overflow.
            this.due = new PriorityQueue<>(Comparator.comparingLong(attempt -> attempt.at() - start));
        }

        void add(Connection connection) {
            due.add(new Attempt(connection, 0, start));
        }

        boolean isDue(long now) {
            return !due.isEmpty() && due.peek().at() - now <= 0;
        }

        void again(Attempt attempt, long now) {
            int round = attempt.round() + 1;
            if (round < ROUNDS.size()) {
                long planned = start + ROUNDS.get(round).toNanos();
                long earliest = now + AT_LEAST_BETWEEN;
                due.add(new Attempt(attempt.connection(), round, planned - earliest < 0 ? earliest : planned));
            }
        }
    }
}
