package io.mooring.failover.internal.connection;

import io.mooring.failover.internal.ServiceSettings.Tickles;
import io.mooring.failover.internal.Turns;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the clients of a service that came here of their connections, a few times, until each is back. Not faster than its rate, and no connection
 * more often than twice a second. Its queue, slice and budget belong to the thread of its turns; {@link #tell} and {@link #stop} may be called
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
    /** Raised when nobody is to be told any more. */
    private final AtomicInteger stops = new AtomicInteger();
    /** By differences: the clock's numbers may overflow. */
    private final PriorityQueue<Attempt> due = new PriorityQueue<>((a, b) -> Long.signum(a.at() - b.at()));
    /** When the slice began that is now, and what may be sent in it yet. */
    private long slice;

    private int budget;
    /** The latest of those that wait to run; the others do nothing any more. */
    private long wake;

    /** Sends a tickle; never blocks. */
    @FunctionalInterface
    public interface Sender {
        void send(Connection connection) throws IOException;
    }

    public Tickler(Tickles limits, Turns turns, Sender sender) {
        this.limits = limits;
        this.turns = turns;
        this.sender = sender;
        this.slice = turns.nanoTime() - SLICE.toNanos();
    }

    /** Begins with these, beside others that are being told. */
    public void tell(Collection<Connection> connections, Predicate<Connection> back) {
        if (!limits.enabled() || connections.isEmpty()) {
            return;
        }
        Campaign fresh = new Campaign(back, turns.nanoTime(), stops.get());
        List<Connection> told = connections.stream().limit(limits.connections()).toList();
        turns.soon(() -> {
            due.removeIf(attempt -> isOver(attempt.campaign()));
            told.forEach(connection -> due.add(new Attempt(fresh, connection, 0, fresh.start())));
            run();
        });
    }

    /** Nobody is told any more. */
    public void stop() {
        stops.incrementAndGet();
    }

    private boolean isOver(Campaign campaign) {
        return campaign.stops() != stops.get();
    }

    /** How many were sent. */
    public long sent() {
        return sent.get();
    }

    /** Sends what is due, as far as the rate allows: one for all that are told, however many addresses came. */
    private void run() {
        long now = turns.nanoTime();
        if (now - slice >= SLICE.toNanos()) {
            slice = now;
            budget = perSlice();
        }
        while (budget > 0 && !due.isEmpty() && due.peek().at() - now <= 0) {
            Attempt attempt = due.poll();
            if (!isOver(attempt.campaign()) && !attempt.campaign().back().test(attempt.connection())) {
                budget--;
                send(attempt.connection());
                again(attempt, turns.nanoTime());
            }
        }
        if (!due.isEmpty()) {
            long wait = due.peek().at() - turns.nanoTime();
            sleep(wait > SLICE.toNanos() ? Duration.ofNanos(wait) : SLICE);
        }
    }

    private int perSlice() {
        return (int) Math.max(1, limits.perSecond() * SLICE.toMillis() / 1000);
    }

    private void sleep(Duration delay) {
        long mine = ++wake;
        turns.later(delay, () -> {
            if (mine == wake) {
                run();
            }
        });
    }

    private void again(Attempt attempt, long now) {
        int round = attempt.round() + 1;
        if (round < ROUNDS.size()) {
            long planned = attempt.campaign().start() + ROUNDS.get(round).toNanos();
            long earliest = now + AT_LEAST_BETWEEN;
            long at = planned - earliest < 0 ? earliest : planned;
            due.add(new Attempt(attempt.campaign(), attempt.connection(), round, at));
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

    /**
     * Those that are told of one address that came.
     *
     * @param stops how often it had been stopped before
     */
    private record Campaign(Predicate<Connection> back, long start, int stops) {}

    private record Attempt(Campaign campaign, Connection connection, int round, long at) {}
}
