package io.mooring.failover.internal.machine;

import io.mooring.failover.internal.ServiceSettings;
import io.mooring.failover.internal.connection.Connection;
import io.mooring.failover.internal.connection.ConnectionRecord;
import io.mooring.sunrpc.KeptReply;
import io.mooring.vfs.service.ServiceDeclaration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes and releases the state of a service that nobody has, in a scratch directory: so that the first real one does not wait for
 * classes to be loaded and compiled, which takes longer than all the rest, while clients wait. On a thread of its own, for about a
 * second; where it fails, nothing is lost but time later. Thread-safe.
 */
public final class Rehearsal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    private static final int ROUNDS = 6;
    private static final int RECORDS = 1000;
    private static final int REPLY_BYTES = 300;
    private static final long JOURNAL_BYTES = 4 << 20;
    private static final InetAddress ADDRESS = InetAddress.getLoopbackAddress();
    /** How long its end is waited for. */
    private static final Duration ENDING = Duration.ofSeconds(5);

    private final Path place;
    private final StateSource states;
    private final Runnable then;
    private final Thread thread = new Thread(this::run, "failover-rehearsal");

    /**
     * Not begun.
     *
     * @param then what else is made ready, on the same thread; to end early where that is interrupted
     */
    public Rehearsal(Runnable then) {
        this(Path.of(System.getProperty("java.io.tmpdir")), new OwnedStates("rehearsal"), then);
    }

    /** @param place where the scratch directory is made */
    Rehearsal(Path place, StateSource states, Runnable then) {
        this.place = place;
        this.states = states;
        this.then = then;
        thread.setDaemon(true);
    }

    /** To be called once. */
    public void start() {
        thread.start();
    }

    /** Ends it early; waits for that within a bound. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(ENDING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("failover: the rehearsal has not ended after {} s", ENDING.toSeconds());
        }
    }

    /** Whatever fails is one line. */
    void run() {
        try {
            play();
            then.run();
        } catch (Exception | Error e) {
            if (!Thread.currentThread().isInterrupted()) {
                LOG.warn(
                        "failover: the first take-over may take longer, as it could not be rehearsed: {}",
                        e.toString());
            }
        }
    }

    private void play() throws IOException, StateUnavailable {
        Path scratch = Files.createTempDirectory(place, "failover-rehearsal");
        try {
            for (int round = 0; round < ROUNDS && !Thread.currentThread().isInterrupted(); round++) {
                rehearse(scratch);
            }
        } finally {
            removeAlsoWhenInterrupted(scratch);
        }
    }

    private void rehearse(Path scratch) throws StateUnavailable {
        HeldState state = states.take(settings(scratch), false);
        Holding holding = null;
        try {
            holding = new Holding(state, why -> {});
            HeldState.Stream connections = state.stream("connections");
            InetSocketAddress end = new InetSocketAddress(ADDRESS, 2049);
            for (int i = 0; i < RECORDS; i++) {
                connections.append(new ConnectionRecord(i % 2 == 0, new Connection("nfsd", end, end)).encode());
                holding.replyStream().write(new ReplyRecord("nfsd", ADDRESS, reply(i)).encode());
            }
        } finally {
            if (holding == null) {
                state.close();
            } else {
                holding.close();
            }
        }
    }

    private static KeptReply reply(int xid) {
        return new KeptReply(ADDRESS, xid / 2, 100003, 3, 8, 100, xid / 2, xid % 2 == 0, new byte[REPLY_BYTES]);
    }

    private static ServiceSettings settings(Path scratch) {
        return new ServiceSettings(
                "rehearsal",
                new ServiceDeclaration("rehearsal", List.of(ADDRESS), List.of(), "rehearsal", scratch),
                new ServiceSettings.State(JOURNAL_BYTES, true, false, Duration.ZERO),
                new ServiceSettings.Moving(
                        false, Duration.ofSeconds(1), false, new ServiceSettings.Tickles(false, 0, 1)));
    }

    private static void removeAlsoWhenInterrupted(Path directory) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            remove(directory);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
