package io.mooring.lockd.internal.nsm;

import io.mooring.lockd.internal.peer.Backoff;
import io.mooring.lockd.internal.peer.PeerCalls;
import io.mooring.lockd.internal.peer.PeerCalls.Peer;
import io.mooring.lockd.internal.wire.Sm1;
import io.mooring.lockd.internal.wire.Sm1.StatChge;
import io.mooring.sunrpc.Netid;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells hosts that this server restarted, many at once, by UDP and TCP in turn, until they answer or too long has passed.
 * Thread-safe.
 */
public final class Notifier implements Services.NotifySender {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

    private final PeerCalls peers;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanoClock;
    private final Settings settings;
    private final Supplier<List<String>> names;
    /** Hosts that are being called, and attempts that wait for one of these to end; guarded by the latter. */
    private int underWay;

    private final Queue<Runnable> waiting = new ArrayDeque<>();

    /**
     * What does not change.
     *
     * @param backoff between attempts
     * @param patience no attempt after this
     * @param atOnce hosts that are called at the same time: each takes a socket or a few
     */
    public record Settings(Backoff backoff, Duration patience, int atOnce) {

        /** As sm-notify(8). */
        public static Settings defaults() {
            return new Settings(
                    new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(60)), Duration.ofMinutes(15), 2000);
        }
    }

    /**
     * Tells nobody yet.
     *
     * @param names what clients may call this server, beside the service address
     */
    public Notifier(
            PeerCalls peers,
            ScheduledExecutorService timer,
            LongSupplier nanoClock,
            Settings settings,
            Supplier<List<String>> names) {
        this.peers = peers;
        this.timer = timer;
        this.nanoClock = nanoClock;
        this.settings = settings;
        this.names = names;
    }

    @Override
    public void start(HostMonitor monitor, Predicate<HostMonitor> stillPresent) {
        long deadline = nanoClock.getAsLong() + settings.patience().toNanos();
        monitor.unnotified()
                .keySet()
                .forEach(client -> inTurn(() -> new Telling(monitor, stillPresent, client, deadline).attempt(1)));
    }

    private void inTurn(Runnable attempt) {
        synchronized (waiting) {
            if (underWay >= settings.atOnce()) {
                waiting.add(attempt);
                return;
            }
            underWay++;
        }
        attempt.run();
    }

    private void turnEnded() {
        Runnable next;
        synchronized (waiting) {
            next = waiting.poll();
            if (next == null) {
                underWay--;
            }
        }
        if (next != null) {
            later(Duration.ZERO, next);
        }
    }

    private void later(Duration wait, Runnable task) {
        try {
            var unused = timer.schedule(task, wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("lockd: closing", e);
        }
    }

    /** The attempts to tell one host. */
    private final class Telling {
        private final HostMonitor monitor;
        private final Predicate<HostMonitor> stillPresent;
        private final InetAddress client;
        private final long deadline;

        Telling(HostMonitor monitor, Predicate<HostMonitor> stillPresent, InetAddress client, long deadline) {
            this.monitor = monitor;
            this.stillPresent = stillPresent;
            this.client = client;
            this.deadline = deadline;
        }

        void attempt(int number) {
            if (!stillPresent.test(monitor)) {
                turnEnded();
                return;
            }
            boolean tcp = number % 2 == 0;
            Peer peer = new Peer(client, monitor.service(), tcp ? Netid.TCP : Netid.UDP, Sm1.PROGRAM, Sm1.VERSION);
            List<CompletableFuture<Void>> calls = new ArrayList<>();
            for (String name : monNames()) {
                StatChge change = new StatChge(name, monitor.state());
                calls.add(peers.call(peer, Sm1.SM_NOTIFY, StatChge::write, change, r -> null));
            }
            var unused = CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
                    .whenComplete((done, failure) -> later(Duration.ZERO, () -> ended(number, failure)));
        }

        private List<String> monNames() {
            List<String> all = new ArrayList<>();
            all.add(monitor.service().getHostAddress());
            all.addAll(names.get());
            return all.stream().distinct().toList();
        }

        private void ended(int attempts, Throwable failure) {
            turnEnded();
            if (!stillPresent.test(monitor)) {
                return;
            }
            Duration wait = settings.backoff().after(attempts);
            if (failure == null) {
                LOG.info("lockd: {} knows that this server restarted", client.getHostAddress());
                monitor.notified(client);
            } else if (nanoClock.getAsLong() + wait.toNanos() > deadline) {
                LOG.warn(
                        "lockd: {} could not be told that this server restarted: {}",
                        client.getHostAddress(),
                        failure.getMessage());
                monitor.notified(client);
            } else {
                later(wait, () -> inTurn(() -> attempt(attempts + 1)));
            }
        }
    }
}
