package io.mooring.failover.internal.connection;

import io.mooring.failover.internal.Turns;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the neighbours three times where an address is now. Where that is not permitted one line says so. Thread-safe. */
public final class Announcements {
    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    private static final List<Duration> ROUNDS = List.of(Duration.ZERO, Duration.ofMillis(200), Duration.ofSeconds(1));

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

    /** Begins; ends where the address is not here any more. */
    public void announce(InetAddress address, Predicate<InetAddress> here) {
        for (Duration round : ROUNDS) {
            turns.later(round, () -> {
                if (here.test(address)) {
                    send(address);
                }
            });
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
