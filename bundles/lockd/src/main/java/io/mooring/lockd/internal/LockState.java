package io.mooring.lockd.internal;

import io.mooring.lockd.internal.locks.Durability;
import io.mooring.lockd.internal.locks.Locks;
import io.mooring.lockd.internal.locks.Mirrors;
import io.mooring.lockd.internal.nlm.GrantedCalls;
import io.mooring.lockd.internal.nsm.Notifier;
import io.mooring.lockd.internal.nsm.Services;
import io.mooring.lockd.internal.peer.PeerCalls;
import io.mooring.lockd.internal.peer.PeerTransport;
import io.mooring.lockd.internal.table.LockTable;
import io.mooring.lockd.internal.wire.Rpcbind;
import io.mooring.sunrpc.OneWayCall;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.XdrEncoder;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The locks, and what keeps them going: they outlive the sockets when the configuration changes. Thread-safe. Closing it
 * releases all locks in file systems; hosts stay recorded, and will be told.
 */
final class LockState implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LockState.class);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIDY_PERIOD = Duration.ofSeconds(30);
    /** A file system that hangs keeps one of them. */
    private static final int TIMER_THREADS = 4;

    private final ScheduledThreadPoolExecutor timer;
    private final LockTable table;
    private final Locks locks;
    private final Services services;
    private final GrantedCalls grants;
    private final PeerCalls peers;
    private final Durability durability = new Durability();
    private volatile LockdOptions options;
    /** Null while there is none: calls to clients fail, and are tried again. */
    private volatile PeerTransport transport;

    LockState(LockdOptions options) {
        this(options, Rpcbind.PORT);
    }

    /**
     * Without any lock.
     *
     * @param rpcbindPort of clients; 111 but in tests
     */
    LockState(LockdOptions options, int rpcbindPort) {
        this.options = options;
        AtomicInteger threads = new AtomicInteger();
        timer = new ScheduledThreadPoolExecutor(TIMER_THREADS, task -> {
            Thread thread = new Thread(task, "lockd-" + threads.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        LockdOptions.Locking locking = options.locking();
        peers = new PeerCalls(new Transport(), CALL_TIMEOUT, rpcbindPort, timer);
        table = new LockTable(locking.table(), Clock.systemUTC());
        grants = new GrantedCalls(peers, this::locks, timer, GrantedCalls.Settings.defaults());
        locks = new Locks(
                table,
                new Mirrors(locking.mirroredFiles()),
                grant -> durability.whenDurable(
                        grant.request().owner().host().service(), timer, () -> grants.tell(grant)));
        Notifier notifier = new Notifier(
                peers,
                timer,
                System::nanoTime,
                Notifier.Settings.defaults(),
                () -> this.options.locking().names());
        services = new Services(
                new Services.Settings(options.state(), locking.maxHosts()),
                () -> this.options.locking().grace(),
                table,
                locks,
                System::nanoTime,
                notifier);
        every(locking.localPoll(), locks::retry);
        every(TIDY_PERIOD, services::tidy);
    }

    private void every(Duration period, Runnable task) {
        Runnable safe = () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("lockd: a regular task failed", e);
            }
        };
        var unused = timer.scheduleWithFixedDelay(safe, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whatever server there is. */
    private final class Transport implements PeerTransport {

        @Override
        public RpcClient open(RpcClientOptions client) {
            return current().open(client);
        }

        @Override
        public <A> CompletableFuture<Void> send(OneWayCall call, XdrEncoder<A> encoder, A arguments) {
            return current().send(call, encoder, arguments);
        }

        private PeerTransport current() {
            PeerTransport current = transport;
            if (current == null) {
                throw new IllegalStateException("lockd has no server now");
            }
            return current;
        }
    }

    /** What clients are called with; null: nothing. */
    void callWith(PeerTransport current) {
        transport = current;
    }

    /** Applies what can be applied while locks are held. */
    void reconfigure(LockdOptions next) {
        options = next;
        table.limit(next.locking().table());
    }

    LockdOptions options() {
        return options;
    }

    LockTable table() {
        return table;
    }

    Locks locks() {
        return locks;
    }

    Services services() {
        return services;
    }

    GrantedCalls grants() {
        return grants;
    }

    Durability durability() {
        return durability;
    }

    PeerCalls peers() {
        return peers;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        locks.close();
    }
}
