package io.mooring.lockd.internal.locks;

import io.mooring.lockd.internal.locks.Outcome.Status;
import io.mooring.lockd.internal.table.CallBack;
import io.mooring.lockd.internal.table.FileKey;
import io.mooring.lockd.internal.table.Holder;
import io.mooring.lockd.internal.table.Host;
import io.mooring.lockd.internal.table.LockRequest;
import io.mooring.lockd.internal.table.LockTable;
import io.mooring.lockd.internal.table.LockTable.Result;
import io.mooring.lockd.internal.table.Owner;
import io.mooring.lockd.internal.table.Range;
import io.mooring.lockd.internal.table.Unconfirmed;
import io.mooring.lockd.internal.table.Waiter;
import io.mooring.vfs.LockTargets.Opener;
import io.mooring.vfs.VfsException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Grants and releases locks: the table arbitrates among clients, the file system among them all and local processes. Of one
 * file one thread at a time decides; file systems may block, and then other files go on. Thread-safe.
 */
public final class Locks implements AutoCloseable {
    private static final int STRIPES = 256;
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];
    private final LockTable table;
    private final Mirrors mirrors;
    private final Consumer<Grant> granted;
    private final PendingGrants pending;
    /** Files with waiters that a local process keeps waiting. */
    private final Set<FileKey> keptByOthers = ConcurrentHashMap.newKeySet();
    /** Files that the table has locks of which the file system has not, since another process was in the way. */
    private final Set<FileKey> incomplete = ConcurrentHashMap.newKeySet();

    /**
     * Without any lock.
     *
     * @param granted told of each waiter that got its lock; must not block
     */
    public Locks(LockTable table, Mirrors mirrors, Consumer<Grant> granted) {
        this.table = table;
        this.mirrors = mirrors;
        this.granted = granted;
        this.pending = new PendingGrants(table::confirm);
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new ReentrantLock();
        }
    }

    /** One thread's turn on a file; what it granted is told when the turn is over. */
    private final class Turn implements AutoCloseable {
        private final FileKey file;
        private final ReentrantLock stripe;
        private final List<Grant> grants = new ArrayList<>(0);

        Turn(FileKey file) {
            this.file = file;
            this.stripe = stripe(file);
            stripe.lock();
        }

        /** Gives waiters the bytes that may have become free, in the order in which they came. */
        void serve(Range bytes) {
            long after = -1;
            Waiter waiter;
            while ((waiter = table.nextGrantable(file, bytes, after)) != null) {
                after = waiter.order();
                LockRequest request = waiter.request();
                boolean got = grant(waiter);
                if (got && request.exclusive() && request.range().contains(bytes)) {
                    return;
                }
            }
        }

        private boolean grant(Waiter waiter) {
            LockRequest request = waiter.request();
            if (pending.contains(file, request.owner(), request.range())) {
                // What it has of these bytes is only known when its client has answered.
                return false;
            }
            FileMirror mirror = mirrors.existing(file);
            if (!mirror.lock(request.range(), request.exclusive())) {
                keptByOthers.add(file);
                return false;
            }
            List<Holder> before = table.held(file, request.owner(), request.range());
            Unconfirmed unconfirmed = new Unconfirmed(request, waiter.callBack(), before);
            if (table.grant(unconfirmed) != Result.DONE) {
                table.cancel(request);
                mirror.restore(table.union(file, request.range()));
                return false;
            }
            Grant grant = new Grant(unconfirmed, false);
            if (grant.weakens()) {
                // Others must not get now what would have to be given back.
                table.keepStronger(request, before);
                mirror.restore(table.union(file, request.range()));
            }
            pending.add(grant);
            grants.add(grant);
            return true;
        }

        @Override
        public void close() {
            boolean idle = table.isIdle(file);
            if (idle || mirrors.isClosed()) {
                mirrors.close(file);
            }
            if (idle) {
                keptByOthers.remove(file);
                incomplete.remove(file);
            }
            stripe.unlock();
            grants.forEach(granted);
        }
    }

    /**
     * Who would be in the way; null: nobody.
     *
     * @throws VfsException where the file cannot be opened
     */
    public Holder test(LockRequest request, Opener opener) throws VfsException {
        Holder holder = table.conflict(request);
        if (holder != null) {
            return holder;
        }
        try (Turn turn = new Turn(request.file())) {
            return mirrors.of(turn.file, opener).holder(request.range(), request.exclusive());
        }
    }

    /**
     * Locks, or waits in the queue where {@code callBack} is given.
     *
     * @param state the client's state number, 0 where it is not known
     * @throws VfsException where the file cannot be opened
     */
    public Outcome lock(LockRequest request, int state, CallBack callBack, Opener opener) throws VfsException {
        try (Turn turn = new Turn(request.file())) {
            if (keptByOthers.contains(request.file())) {
                // The local process may be gone by now: those that waited for it come first.
                turn.serve(request.range());
            }
            Holder holder = table.conflict(request);
            boolean free = holder == null;
            if (free) {
                FileMirror mirror = mirrors.of(request.file(), opener);
                if (mirror.lock(request.range(), request.exclusive())) {
                    return set(request, state, mirror, turn);
                }
                holder = mirror.holder(request.range(), request.exclusive());
            }
            if (callBack == null) {
                return new Outcome(Status.DENIED, holder);
            }
            Result result = table.enqueue(request, state, callBack);
            if (free && result == Result.DONE) {
                keptByOthers.add(request.file());
            }
            return result == Result.DONE ? new Outcome(Status.BLOCKED, holder) : refused(result);
        }
    }

    private Outcome set(LockRequest request, int state, FileMirror mirror, Turn turn) {
        Result result = table.set(request, state);
        if (result != Result.DONE) {
            mirror.restore(table.union(request.file(), request.range()));
            return refused(result);
        }
        Range told = pending.end(request.file(), request.owner(), request.range());
        if (told != null) {
            turn.serve(told);
        }
        if (!request.exclusive()) {
            // It may have been exclusive before.
            turn.serve(request.range());
        }
        return Outcome.of(Status.GRANTED);
    }

    private static Outcome refused(Result result) {
        return Outcome.of(
                switch (result) {
                    case GONE -> Status.GONE;
                    case DEADLOCK -> Status.DEADLOCK;
                    case NO_LOCKS -> Status.NO_LOCKS;
                    case DONE, CONFLICT -> throw new IllegalStateException(result.toString());
                });
    }

    /** False where it would take more locks than there may be. */
    public boolean unlock(FileKey file, Owner owner, Range range) {
        try (Turn turn = new Turn(file)) {
            Range told = pending.end(file, owner, range);
            boolean done = unlock(turn, owner, range);
            if (told != null) {
                turn.serve(told);
            }
            return done;
        }
    }

    private boolean unlock(Turn turn, Owner owner, Range range) {
        Range bytes = hull(table.held(turn.file, owner, range));
        if (bytes == null) {
            return true;
        }
        List<Range> free = table.unset(turn.file, owner, range);
        if (free == null) {
            return false;
        }
        mirrors.existing(turn.file).unlock(free);
        turn.serve(bytes);
        return true;
    }

    private static Range hull(List<Holder> held) {
        return held.stream().map(Holder::range).reduce(Range::hull).orElse(null);
    }

    /**
     * Ends the waiting of a request; one that was granted meanwhile is taken back, where its client does not know yet. False
     * where it does not wait.
     */
    public boolean cancel(LockRequest request) {
        try (Turn turn = new Turn(request.file())) {
            Grant grant = pending.of(request);
            return grant == null ? table.cancel(request) : takeBack(turn, grant);
        }
    }

    /** The client has the lock. */
    public void confirm(Grant grant) {
        LockRequest request = grant.request();
        try (Turn turn = new Turn(request.file())) {
            if (!pending.end(grant)) {
                return;
            }
            if (grant.weakens()) {
                table.set(request, table.state(request.owner()));
                mirrors.existing(turn.file).restore(table.union(turn.file, request.range()));
            }
            turn.serve(request.range());
        }
    }

    /** The client does not want the lock: its owner has again what it had before. False where the grant had ended. */
    public boolean takeBack(Grant grant) {
        try (Turn turn = new Turn(grant.request().file())) {
            return takeBack(turn, grant);
        }
    }

    private boolean takeBack(Turn turn, Grant grant) {
        if (grant.hasEnded()) {
            return false;
        }
        LockRequest request = grant.request();
        table.giveBack(request, grant.before());
        pending.end(grant);
        mirrors.existing(turn.file).restore(table.union(turn.file, request.range()));
        turn.serve(request.range());
        return true;
    }

    public Result share(FileKey file, Owner owner, int access, int mode) {
        return table.share(file, owner, access, mode);
    }

    public void unshare(FileKey file, Owner owner) {
        table.unshare(file, owner);
    }

    /**
     * Takes in the file system what the table has of a file; false where another process is in the way, which is then tried
     * again from time to time.
     *
     * @throws VfsException where the file cannot be opened
     */
    public boolean retake(FileKey file, Opener opener) throws VfsException {
        try (Turn turn = new Turn(file)) {
            return table.isIdle(turn.file) || retake(file, mirrors.of(file, opener));
        }
    }

    private boolean retake(FileKey file, FileMirror mirror) {
        boolean complete = mirror.restore(table.union(file, Range.ALL));
        if (complete) {
            incomplete.remove(file);
        } else {
            incomplete.add(file);
        }
        return complete;
    }

    /** Gives waiters what is free, and tells those again that got something elsewhere. */
    public void resume(FileKey file, List<Unconfirmed> unconfirmed) {
        try (Turn turn = new Turn(file)) {
            for (Unconfirmed grant : unconfirmed) {
                if (table.holds(grant.request())) {
                    Grant again = new Grant(grant, true);
                    pending.add(again);
                    turn.grants.add(again);
                }
            }
            turn.serve(Range.ALL);
        }
    }

    /** Tries what a local process kept waiting. To be called from time to time. */
    public void retry() {
        for (FileKey file : List.copyOf(incomplete)) {
            try (Turn turn = new Turn(file)) {
                retake(turn.file, mirrors.existing(file));
            }
        }
        for (FileKey file : List.copyOf(keptByOthers)) {
            try (Turn turn = new Turn(file)) {
                keptByOthers.remove(file);
                turn.serve(Range.ALL);
            }
        }
    }

    /** Releases all that the host's owners have which are chosen. Returns how many these were. */
    public int release(Host host, Predicate<Owner> chosen) {
        int count = 0;
        for (Owner owner : table.owners(host)) {
            if (chosen.test(owner)) {
                release(owner);
                count++;
            }
        }
        return count;
    }

    private void release(Owner owner) {
        table.waiting(owner).forEach(this::cancel);
        for (FileKey file : table.files(owner)) {
            table.unshare(file, owner);
            // All of it never needs one more.
            unlock(file, owner, Range.ALL);
        }
    }

    /** Takes no more locks through the address, and releases all that came through it. */
    public void retire(InetAddress service) {
        table.retire(service);
        for (Host host : table.hosts()) {
            if (host.service().equals(service)) {
                release(host, owner -> true);
            }
        }
    }

    /**
     * Releases all locks in file systems, and takes none there any more. A file in which another thread is at work for longer
     * than a few seconds, as where its file system hangs, is closed by that thread in the end.
     */
    @Override
    public void close() {
        mirrors.close();
        long deadline = System.nanoTime() + CLOSE_NANOS;
        for (FileKey file : mirrors.files()) {
            ReentrantLock stripe = stripe(file);
            if (tryLock(stripe, deadline)) {
                try {
                    mirrors.close(file);
                } finally {
                    stripe.unlock();
                }
            }
        }
    }

    private static boolean tryLock(ReentrantLock stripe, long deadline) {
        try {
            return stripe.tryLock(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return stripe.tryLock();
        }
    }

    private ReentrantLock stripe(FileKey file) {
        return stripes[Math.floorMod(file.hashCode(), STRIPES)];
    }
}
