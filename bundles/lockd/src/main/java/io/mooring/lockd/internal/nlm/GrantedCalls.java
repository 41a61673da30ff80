package io.mooring.lockd.internal.nlm;

import io.mooring.lockd.internal.locks.Grant;
import io.mooring.lockd.internal.locks.Locks;
import io.mooring.lockd.internal.peer.Backoff;
import io.mooring.lockd.internal.peer.PeerCalls;
import io.mooring.lockd.internal.peer.PeerCalls.NotSentException;
import io.mooring.lockd.internal.peer.PeerCalls.Peer;
import io.mooring.lockd.internal.table.LockRequest;
import io.mooring.lockd.internal.table.Owner;
import io.mooring.lockd.internal.wire.Nlm4;
import io.mooring.lockd.internal.wire.Nlm4.Lock;
import io.mooring.lockd.internal.wire.Nlm4.Res;
import io.mooring.lockd.internal.wire.Nlm4.Stat;
import io.mooring.lockd.internal.wire.Nlm4.TestArgs;
import io.mooring.lockd.internal.wire.NlmVersion;
import io.mooring.sunrpc.Netid;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells waiters that they have their locks. A refused grant is taken back. An unanswered one stays, since the client may have
 * accepted it, and is told again until it answers or is heard of otherwise. Refused after an attempt that was not answered,
 * it stays as well, until it is cancelled or unlocked: the client may have accepted the first, and knows of no waiter any
 * more. Thread-safe.
 */
public final class GrantedCalls {
    private static final Logger LOG = LoggerFactory.getLogger(GrantedCalls.class);

    private final PeerCalls peers;
    private final Supplier<Locks> locks;
    private final ScheduledExecutorService timer;
    private final Settings settings;
    private final AtomicLong cookies = new AtomicLong();
    /** GRANTED_MSGs without their GRANTED_RES, by cookie. */
    private final Map<Long, Awaited> awaited = new ConcurrentHashMap<>();

    /**
     * What does not change.
     *
     * @param answer how long a GRANTED_RES may take
     */
    public record Settings(Backoff backoff, Duration answer) {

        /** A client that lost its connection polls after 30 s by itself. */
        public static Settings defaults() {
            return new Settings(new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30)), Duration.ofSeconds(5));
        }
    }

    private record Awaited(InetAddress client, CompletableFuture<Res> answer) {}

    /**
     * Tells nobody yet.
     *
     * @param locks where grants are confirmed and taken back; asked for at the first grant
     */
    public GrantedCalls(PeerCalls peers, Supplier<Locks> locks, ScheduledExecutorService timer, Settings settings) {
        this.peers = peers;
        this.locks = locks;
        this.timer = timer;
        this.settings = settings;
    }

    /** Starts to tell the waiter. */
    public void tell(Grant grant) {
        new Telling(grant, (GrantedCallBack) grant.callBack()).attempt();
    }

    /** A GRANTED_RES came; one that nobody waits for, or that is another client's, is ignored. */
    public void answered(InetAddress client, Res res) {
        if (res.cookie().length == Long.BYTES) {
            Awaited call = awaited.get(ByteBuffer.wrap(res.cookie()).getLong());
            if (call != null && call.client().equals(client)) {
                call.answer().complete(res);
            }
        }
    }

    /** The attempts to tell one waiter. One at a time, on the timer's threads but for the first. */
    private final class Telling {
        private final Grant grant;
        private final GrantedCallBack how;
        private int attempts;
        /** An attempt was not answered: the client may have accepted it. */
        private boolean doubtful;

        Telling(Grant grant, GrantedCallBack how) {
            this.grant = grant;
            this.how = how;
            this.doubtful = grant.wasToldBefore();
        }

        void attempt() {
            if (grant.hasEnded()) {
                return;
            }
            attempts++;
            // Where it was reached before comes first; the other transport may work when that one does not.
            boolean tcp = how.netid().isTcp() == (attempts % 2 == 1);
            var unused =
                    send(tcp ? Netid.TCP : Netid.UDP).whenComplete((res, failure) -> run(() -> ended(res, failure), 0));
        }

        private CompletableFuture<Res> send(Netid netid) {
            NlmVersion version = how.version();
            LockRequest request = grant.request();
            Owner owner = request.owner();
            Peer peer = new Peer(owner.host().client(), owner.host().service(), netid, Nlm4.PROGRAM, version.number());
            long number = cookies.incrementAndGet();
            byte[] cookie = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
            Lock lock = new Lock(
                    how.callerName(),
                    how.fh(),
                    owner.oh(),
                    owner.svid(),
                    request.range().start(),
                    request.range().length());
            TestArgs args = new TestArgs(cookie, request.exclusive(), lock);
            return how.message()
                    ? sendMessage(peer, args, number)
                    : peers.call(
                            peer, NlmProgram.GRANTED, (a, w) -> a.write(w, version), args, r -> Res.read(r, version));
        }

        private CompletableFuture<Res> sendMessage(Peer peer, TestArgs args, long number) {
            CompletableFuture<Res> answer = new CompletableFuture<>();
            awaited.put(number, new Awaited(peer.client(), answer));
            var unused = peers.send(peer, NlmProgram.GRANTED_MSG, (a, w) -> a.write(w, how.version()), args)
                    .whenComplete((none, failure) -> {
                        // By TCP some do not reply to the message as such.
                        if (failure == null || failure instanceof TimeoutException) {
                            answer.orTimeout(settings.answer().toMillis(), TimeUnit.MILLISECONDS);
                        } else {
                            answer.completeExceptionally(failure);
                        }
                    });
            return answer.whenComplete((res, failure) -> awaited.remove(number));
        }

        private void ended(Res res, Throwable failure) {
            if (res != null && res.stat() == Stat.NLM4_GRANTED) {
                locks.get().confirm(grant);
            } else if (res != null && res.stat() != Stat.NLM4_DENIED_GRACE_PERIOD) {
                refused(res.stat());
            } else {
                doubtful |= failure != null && !(failure instanceof NotSentException);
                LOG.debug(
                        "lockd: no answer of {} to GRANTED",
                        grant.request().owner().host(),
                        failure);
                run(this::attempt, settings.backoff().after(attempts).toMillis());
            }
        }

        private void refused(Stat stat) {
            LockRequest request = grant.request();
            if (!doubtful) {
                locks.get().takeBack(grant);
                LOG.debug("lockd: {} does not want its lock: {}", request.owner(), stat);
                return;
            }
            // Not confirmed: the CANCEL of a client that does not want it still takes it back.
            LOG.warn(
                    "lockd: {} of {} answered GRANTED late, and with {}: it may have the lock, which stays (lock:release)",
                    request.owner(),
                    request.owner().host(),
                    stat);
        }

        private void run(Runnable task, long millis) {
            try {
                var unused = timer.schedule(task, millis, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("lockd: closing", e);
            }
        }
    }
}
