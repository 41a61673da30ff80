package io.mooring.lockd.internal.table;

import java.net.InetAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who holds what, and who waits for it. It only remembers and compares: whether a lock is granted is decided by {@code
 * Locks}. Thread-safe by its monitor; no method is slow, but those that say so.
 */
public final class LockTable {
    /** In one file: whenever a lock there is released, all its waiters are looked at. */
    static final int WAITERS_PER_HOST = 1000;

    private Limits limits;
    private final Clock clock;
    private final Map<FileKey, LockedFile> files = new HashMap<>();
    private final Owners owners = new Owners();
    private final Set<InetAddress> services = new HashSet<>();
    private final Map<LockRequest, Waiter> waiters = new HashMap<>();
    private long order;

    /**
     * What clients may cost; a waiter and a share count as a lock.
     *
     * @param maxLocks of all hosts
     * @param maxLocksPerHost of one
     */
    public record Limits(int maxLocks, int maxLocksPerHost) {}

    /** How a change went. */
    public enum Result {
        DONE,
        /** A limit is reached. */
        NO_LOCKS,
        /** The service address is not here any more. */
        GONE,
        /** Another owner's share is in the way. */
        CONFLICT,
        /** Waiting would never end: the owners in the way wait for this one. */
        DEADLOCK
    }

    public LockTable(Limits limits, Clock clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /** For what comes from now on. */
    public synchronized void limit(Limits next) {
        limits = next;
    }

    /** Locks may be taken through this address from now on. */
    public synchronized void open(InetAddress service) {
        services.add(service);
    }

    /** No lock can be taken through this address any more; those that are held stay until they are released. */
    public synchronized void retire(InetAddress service) {
        services.remove(service);
    }

    /** Whose lock is in the way; null: nobody's. */
    public synchronized Holder conflict(LockRequest request) {
        LockedFile file = files.get(request.file());
        Segment found = file == null ? null : file.conflict(request.owner(), request.range(), request.exclusive());
        return found == null ? null : Holder.of(found);
    }

    /**
     * Gives the owner its lock, and ends its waiting; there must be no conflict.
     *
     * @param state the client's state number, 0 where it is not known
     */
    public synchronized Result set(LockRequest request, int state) {
        if (!services.contains(request.owner().host().service())) {
            return Result.GONE;
        }
        Owner owner = request.owner();
        LockedFile file = files.get(request.file());
        boolean waited = waiters.containsKey(request);
        if (file != null && file.holds(owner, request.range(), request.exclusive())) {
            remove(request);
        } else {
            int growth = file != null && file.holdsAny(owner, request.range()) ? 2 : 1;
            // A waiter's place is its lock's.
            if (!fits(owner.host(), waited ? 0 : growth)) {
                return Result.NO_LOCKS;
            }
            remove(request);
            file = files.computeIfAbsent(request.file(), key -> new LockedFile(key, () -> ++order));
            Owners.Entry entry = owners.entry(owner);
            int before = file.count(owner);
            file.set(entry.owner, request.range(), request.exclusive(), clock.millis());
            entry.files.add(request.file());
            owners.count(owner, file.count(owner) - before);
        }
        remember(owner, state);
        return Result.DONE;
    }

    private void remember(Owner owner, int state) {
        if (state != 0) {
            owners.entry(owner).state = state;
        }
    }

    private boolean fits(Host host, int growth) {
        return growth == 0
                || (owners.count() + growth <= limits.maxLocks()
                        && owners.count(host) + growth <= limits.maxLocksPerHost());
    }

    /**
     * Releases what the owner holds of the range.
     *
     * @return what nobody holds any more; null where that would take more locks than there may be
     */
    public synchronized List<Range> unset(FileKey key, Owner owner, Range range) {
        LockedFile file = files.get(key);
        if (file == null) {
            return List.of();
        }
        if (file.splits(owner, range) && !fits(owner.host(), 1)) {
            return null;
        }
        int before = file.count(owner);
        List<Range> free = file.unset(owner, range);
        owners.count(owner, file.count(owner) - before);
        tidy(file, owner);
        return free;
    }

    /** Gives the owner again what it held of the range before the request was granted. */
    public synchronized void giveBack(LockRequest granted, List<Holder> before) {
        LockedFile file = files.get(granted.file());
        Owner owner = granted.owner();
        if (file == null) {
            return;
        }
        int count = file.count(owner);
        file.unset(owner, granted.range());
        for (Holder held : before) {
            Range part = held.range().intersection(granted.range());
            file.set(owner, part, held.exclusive(), clock.millis());
        }
        owners.count(owner, file.count(owner) - count);
        tidy(file, owner);
    }

    /** What the owner held exclusively before the request was granted it holds so again; the rest stays as granted. */
    public synchronized void keepStronger(LockRequest granted, List<Holder> before) {
        LockedFile file = files.get(granted.file());
        Owner owner = granted.owner();
        int count = file.count(owner);
        for (Holder held : before) {
            if (held.exclusive()) {
                file.set(owner, held.range().intersection(granted.range()), true, clock.millis());
            }
        }
        owners.count(owner, file.count(owner) - count);
    }

    /** Forgets what is not used any more. */
    private void tidy(LockedFile file, Owner owner) {
        if (file.count(owner) == 0 && !file.shares.has(owner)) {
            owners.leave(owner, file.key);
        }
        if (file.isUnused()) {
            files.remove(file.key);
        }
    }

    /**
     * Puts the request behind those that wait already; one that waits keeps its place.
     *
     * @param state the client's state number, 0 where it is not known
     * @param callBack kept with it; the last one counts
     */
    public synchronized Result enqueue(LockRequest request, int state, CallBack callBack) {
        if (!services.contains(request.owner().host().service())) {
            return Result.GONE;
        }
        Waiter first = waiters.get(request);
        if (first != null) {
            Waiter again = new Waiter(request, first.order(), first.since(), callBack);
            waiters.put(request, again);
            files.get(request.file()).waits(again);
            return Result.DONE;
        }
        Host host = request.owner().host();
        LockedFile known = files.get(request.file());
        if (!fits(host, 1) || (known != null && known.waiters(host) >= WAITERS_PER_HOST)) {
            return Result.NO_LOCKS;
        }
        if (new DeadlockSearch(files, owners).wouldWaitForItself(request)) {
            return Result.DEADLOCK;
        }
        Waiter waiter = new Waiter(request, ++order, clock.millis(), callBack);
        waiters.put(request, waiter);
        files.computeIfAbsent(request.file(), key -> new LockedFile(key, () -> ++order))
                .waits(waiter);
        owners.waits(request);
        remember(request.owner(), state);
        return Result.DONE;
    }

    /** Ends the waiting of a request; false where it does not wait. */
    public synchronized boolean cancel(LockRequest request) {
        if (!remove(request)) {
            return false;
        }
        LockedFile file = files.get(request.file());
        if (file.isUnused()) {
            files.remove(request.file());
        }
        return true;
    }

    private boolean remove(LockRequest request) {
        Waiter waiter = waiters.remove(request);
        if (waiter == null) {
            return false;
        }
        files.get(request.file()).waitsNoMore(waiter);
        owners.waitsNoMore(request);
        return true;
    }

    public synchronized boolean waits(LockRequest request) {
        return waiters.containsKey(request);
    }

    /** The first waiter behind this place that wants some of the bytes and could have all that it wants; null: none. */
    public synchronized Waiter nextGrantable(FileKey key, Range bytes, long after) {
        LockedFile file = files.get(key);
        if (file == null) {
            return null;
        }
        for (Waiter waiter : file.waiters.tailMap(after, false).values()) {
            LockRequest request = waiter.request();
            if (request.range().overlaps(bytes)
                    && file.conflict(request.owner(), request.range(), request.exclusive()) == null) {
                return waiter;
            }
        }
        return null;
    }

    /** What the owner holds of the range. */
    public synchronized List<Holder> held(FileKey key, Owner owner, Range range) {
        LockedFile file = files.get(key);
        List<Holder> held = new ArrayList<>();
        if (file != null) {
            file.of(owner, range).forEach(segment -> held.add(Holder.of(segment)));
        }
        return held;
    }

    /** How strongly the range is held. */
    public synchronized List<UnionPart> union(FileKey key, Range range) {
        LockedFile file = files.get(key);
        return file == null ? List.of(new UnionPart(range, UnionPart.Kind.NONE)) : file.union(range);
    }

    /** Whether nobody has locks, or waits for one. */
    public synchronized boolean isIdle(FileKey key) {
        LockedFile file = files.get(key);
        return file == null || file.isIdle();
    }

    /** Makes or changes a share of a file; access and mode are sets of the bits 1 (read) and 2 (write). */
    public synchronized Result share(FileKey key, Owner owner, int access, int mode) {
        if (!services.contains(owner.host().service())) {
            return Result.GONE;
        }
        LockedFile known = files.get(key);
        boolean fresh = known == null || !known.shares.has(owner);
        if (fresh && !fits(owner.host(), 1)) {
            return Result.NO_LOCKS;
        }
        LockedFile file = known == null ? new LockedFile(key, () -> ++order) : known;
        if (!file.shares.share(owner, access, mode)) {
            return Result.CONFLICT;
        }
        files.put(key, file);
        owners.entry(owner).files.add(key);
        owners.count(owner, fresh ? 1 : 0);
        return Result.DONE;
    }

    /** False where there was none. */
    public synchronized boolean unshare(FileKey key, Owner owner) {
        LockedFile file = files.get(key);
        if (file == null || !file.shares.unshare(owner)) {
            return false;
        }
        owners.count(owner, -1);
        tidy(file, owner);
        return true;
    }

    /** The hosts that hold something or wait. */
    public synchronized Set<Host> hosts() {
        return owners.hosts();
    }

    public synchronized Set<Owner> owners(Host host) {
        return owners.of(host);
    }

    /** The client's state number when the owner took its last lock; 0: not known. */
    public synchronized int state(Owner owner) {
        return owners.state(owner);
    }

    /** The files in which the owner holds or shares something. */
    public synchronized Set<FileKey> files(Owner owner) {
        return owners.files(owner);
    }

    public synchronized List<LockRequest> waiting(Owner owner) {
        return List.copyOf(owners.waiting(owner));
    }

    public synchronized Set<FileKey> files() {
        return Set.copyOf(files.keySet());
    }

    /** Locks, waiters and shares. */
    public synchronized int count() {
        return owners.count();
    }

    public synchronized int count(Host host) {
        return owners.count(host);
    }

    /** All that is held and waited for in one file; as slow as that is much. */
    public synchronized FileStatus status(FileKey key) {
        LockedFile file = files.get(key);
        return file == null ? FileStatus.EMPTY : FileStatus.of(file);
    }

    /** For tests: throws where something does not fit together. */
    synchronized void check() {
        files.values().forEach(LockedFile::check);
        owners.check(files, waiters.size());
    }
}
