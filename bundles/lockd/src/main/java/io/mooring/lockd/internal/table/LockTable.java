package io.mooring.lockd.internal.table;

import io.mooring.lockd.internal.table.Change.Confirmed;
import io.mooring.lockd.internal.table.Change.Granted;
import io.mooring.lockd.internal.table.Change.Held;
import io.mooring.lockd.internal.table.Change.Part;
import io.mooring.lockd.internal.table.Change.Shared;
import io.mooring.lockd.internal.table.Change.Unshared;
import io.mooring.lockd.internal.table.Change.Waits;
import io.mooring.lockd.internal.table.Change.WaitsNoMore;
import java.net.InetAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Who holds what, and who waits for it. It only remembers and compares: whether a lock is granted is decided by {@code
 * Locks}. Thread-safe by its monitor; no method is slow, but those that say so.
 */
public final class LockTable {
    /** In one file: whenever a lock there is released, all its waiters are looked at. */
    static final int WAITERS_PER_HOST = 1000;

    private Limits limits;
    private final Clock clock;
    final Map<FileKey, LockedFile> files = new HashMap<>();
    final Owners owners = new Owners();
    private final Addresses addresses = new Addresses();
    final Map<LockRequest, Waiter> waiters = new HashMap<>();
    final Orders orders = new Orders();
    private final Making making = new Making(this);

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
        addresses.open(service);
    }

    /** No lock can be taken through this address any more; those that are held stay until they are released. */
    public synchronized void retire(InetAddress service) {
        addresses.close(Set.of(service));
    }

    /**
     * Locks may be taken through these addresses from now on, and what was before is so again. From the same moment on the
     * listener is told of each change; it must not block.
     *
     * @param contents made without being told, beyond all limits, and whatever is in their way
     */
    public synchronized void attach(Set<InetAddress> services, Consumer<Change> listener, List<Change> contents) {
        contents.forEach(this::make);
        addresses.attach(services, listener);
    }

    /**
     * No lock can be taken through these addresses any more, and nobody is told of what becomes of theirs. As slow as they have
     * much.
     *
     * @return what they have
     */
    public synchronized List<Change> detach(Set<InetAddress> services) {
        addresses.detach(services);
        List<Change> contents = new ArrayList<>();
        files.keySet().forEach(file -> contents.addAll(contents(file, services::contains)));
        return contents;
    }

    private void makeAndTell(Change change) {
        making.make(change);
        addresses.tell(change);
    }

    /** Makes it so; nobody is told. */
    public synchronized void make(Change change) {
        making.make(change);
    }

    /** All that is so of a file, for those that came by certain addresses; as slow as that is much. */
    public synchronized List<Change> contents(FileKey key, Predicate<InetAddress> chosen) {
        LockedFile file = files.get(key);
        return file == null ? List.of() : new FileContents(file, owners, chosen).changes();
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
        boolean waited = waiters.containsKey(request);
        Result result = put(request, state);
        if (result == Result.DONE) {
            if (waited) {
                addresses.tell(new WaitsNoMore(request));
            }
            Part part = new Part(request.range(), request.exclusive(), clock.millis());
            addresses.tell(held(request.file(), request.owner(), request.range(), List.of(part)));
        }
        return result;
    }

    /** As {@link #set}, for a waiter that is to be told. */
    public synchronized Result grant(Unconfirmed grant) {
        LockRequest request = grant.request();
        if (grant.before().size() > Unconfirmed.MAX_BEFORE) {
            return Result.NO_LOCKS;
        }
        Result result = put(request, owners.state(request.owner()));
        if (result == Result.DONE) {
            files.get(request.file()).unconfirmed.put(request, grant);
            addresses.tell(new Granted(grant, owners.state(request.owner()), clock.millis()));
        }
        return result;
    }

    /** Nobody needs to be told of a granted request any more. */
    public synchronized void confirm(LockRequest request) {
        makeAndTell(new Confirmed(request));
    }

    private Held held(FileKey key, Owner owner, Range range, List<Part> parts) {
        return new Held(key, owner, owners.state(owner), range, parts);
    }

    private Waits waits(Waiter waiter, int state) {
        return new Waits(waiter, state == 0 ? owners.state(waiter.request().owner()) : state);
    }

    private Result put(LockRequest request, int state) {
        if (!addresses.isOpen(request.owner())) {
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
            file = file(request.file());
            Owners.Entry entry = owners.entry(owner);
            int before = file.count(owner);
            file.set(entry.owner, request.range(), request.exclusive(), clock.millis());
            entry.files.add(request.file());
            owners.count(owner, file.count(owner) - before);
        }
        if (state != 0) {
            owners.entry(owner).state = state;
        }
        return Result.DONE;
    }

    /** Made where there is none: the caller gives it something at once. */
    LockedFile file(FileKey key) {
        return files.computeIfAbsent(key, k -> new LockedFile(k, orders::next));
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
        addresses.tell(held(key, owner, range, List.of()));
        return free;
    }

    /** Gives the owner again what it held of the range before the request was granted. */
    public synchronized void giveBack(LockRequest granted, List<Holder> before) {
        if (!files.containsKey(granted.file())) {
            return;
        }
        long now = clock.millis();
        List<Part> parts = before.stream()
                .map(held -> new Part(held.range().intersection(granted.range()), held.exclusive(), now))
                .toList();
        for (Held piece :
                Held.all(granted.file(), granted.owner(), owners.state(granted.owner()), granted.range(), parts)) {
            makeAndTell(piece);
        }
    }

    /** What the owner held exclusively before the request was granted it holds so again; the rest stays as granted. */
    public synchronized void keepStronger(LockRequest granted, List<Holder> before) {
        long now = clock.millis();
        for (Holder held : before) {
            if (held.exclusive()) {
                Range range = held.range().intersection(granted.range());
                makeAndTell(held(granted.file(), granted.owner(), range, List.of(new Part(range, true, now))));
            }
        }
    }

    /** Forgets what is not used any more. */
    void tidy(LockedFile file, Owner owner) {
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
        if (!addresses.isOpen(request.owner())) {
            return Result.GONE;
        }
        Waiter first = waiters.get(request);
        if (first != null) {
            makeAndTell(waits(first.with(callBack), state));
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
        Waiter waiter = new Waiter(request, orders.next(), clock.millis(), callBack);
        makeAndTell(waits(waiter, state));
        return Result.DONE;
    }

    /** Ends the waiting of a request; false where it does not wait. */
    public synchronized boolean cancel(LockRequest request) {
        if (!waiters.containsKey(request)) {
            return false;
        }
        makeAndTell(new WaitsNoMore(request));
        return true;
    }

    boolean remove(LockRequest request) {
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

    /** Whether the owner holds all that it asked for, or more. */
    public synchronized boolean holds(LockRequest request) {
        LockedFile file = files.get(request.file());
        return file != null && file.covers(request.owner(), request.range(), request.exclusive());
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
        if (!addresses.isOpen(owner)) {
            return Result.GONE;
        }
        LockedFile known = files.get(key);
        boolean fresh = known == null || !known.shares.has(owner);
        if (fresh && !fits(owner.host(), 1)) {
            return Result.NO_LOCKS;
        }
        if (known != null && !known.shares.allow(owner, access, mode)) {
            return Result.CONFLICT;
        }
        makeAndTell(new Shared(key, owner, owners.state(owner), access, mode));
        return Result.DONE;
    }

    /** False where there was none. */
    public synchronized boolean unshare(FileKey key, Owner owner) {
        LockedFile file = files.get(key);
        if (file == null || !file.shares.has(owner)) {
            return false;
        }
        makeAndTell(new Unshared(key, owner));
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
