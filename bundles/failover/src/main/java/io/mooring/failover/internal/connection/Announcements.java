package io.mooring.failover.internal.connection;

import io.mooring.failover.internal.Turns;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the neighbours three times where an address is now. Where that is not permitted one line says so. Thread-safe. */
public final class Announcements {
    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    private static final List<Duration> ROUNDS = List.of(Duration.ZERO, Duration.ofMillis(200), Duration.ofSeconds(1));
    /** Who is later than that was stopped perhaps, and the address went elsewhere meanwhile. */
    private static final long TOO_LATE = Duration.ofMillis(500).toNanos();

    private final Turns turns;
    private final Sender sender;
    private final AtomicBoolean said = new AtomicBoolean();

    /** Announces an address once; never blocks. */
    @FunctionalInterface
    public interface Sender {
        void announce(InetAddress address) throws IOException;
    }

    public Announcements(Turns turns, Sender sender) {
        this.turns = turns;
        this.sender = sender;
    }

    /** Begins; to be ended where the address is not here any more. */
    public Announcement announce(InetAddress address) {
        Announcement announcement = new Announcement(address);
        for (Duration round : ROUNDS) {
            long planned = turns.nanoTime() + round.toNanos();
            turns.later(round, () -> announcement.send(planned));
        }
        return announcement;
    }

    /** What is told of one address. Thread-safe by its monitor. */
    public final class Announcement {
        private final InetAddress address;
        private boolean ended;

        private Announcement(InetAddress address) {
            this.address = address;
        }

        private synchronized void send(long planned) {
            if (!ended && turns.nanoTime() - planned <= TOO_LATE) {
                Announcements.this.send(address);
            }
        }

        /** When it returns, none is under way, and none follows: neighbours would look for the address here. */
        public synchronized void end() {
            ended = true;
        }
    }

    private void send(InetAddress address) {
        try {
            sender.announce(address);
        } catch (IOException | LinkageError e) {
            LOG.debug("failover: {} is not announced", address, e);
            if (!said.getAndSet(true)) {
                LOG.info(
                        "failover: neighbours are not told where {} is ({}): whoever moves the address has to",
                        address.getHostAddress(),
                        e.getMessage());
            }
        }
    }
}
