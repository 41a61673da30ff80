package io.mooring.lockd.internal;

import io.mooring.lockd.LockService.GraceEntry;
import io.mooring.lockd.LockService.HostEntry;
import io.mooring.lockd.LockService.LockEntry;
import io.mooring.lockd.LockService.LockFilter;
import io.mooring.lockd.internal.locks.Durability;
import io.mooring.lockd.internal.nsm.HostMonitor;
import io.mooring.lockd.internal.nsm.HostMonitor.HostStatus;
import io.mooring.lockd.internal.table.FileKey;
import io.mooring.lockd.internal.table.FileStatus;
import io.mooring.lockd.internal.table.Holder;
import io.mooring.lockd.internal.table.Host;
import io.mooring.lockd.internal.table.LockRequest;
import io.mooring.lockd.internal.table.Owner;
import io.mooring.lockd.internal.table.Range;
import io.mooring.sunrpc.RpcException;
import io.mooring.vfs.LockTargets;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Locks and hosts as rows for people, and what people want to be released. Thread-safe. */
final class LockEntries {
    private final LockState state;
    private final Supplier<LockTargets> targets;

    LockEntries(LockState state, Supplier<LockTargets> targets) {
        this.state = state;
        this.targets = targets;
    }

    private record Found(LockRequest request, LockEntry entry) {}

    List<LockEntry> list(LockFilter filter) {
        return find(filter).stream().map(Found::entry).toList();
    }

    /** Waiters first, so that none gets what is then released. Returns when that is on stable storage where it has to be. */
    int release(LockFilter filter) {
        Durability.Snapshot durability = state.durability().begin();
        List<Found> found = find(filter);
        found.stream()
                .filter(f -> f.entry().waiting())
                .forEach(f -> state.locks().cancel(f.request()));
        for (Found held : found) {
            LockRequest request = held.request();
            if (!held.entry().waiting()) {
                state.locks().unlock(request.file(), request.owner(), request.range());
            }
        }
        try {
            durability.await();
        } catch (RpcException e) {
            throw new IllegalStateException("released, but not for good: " + e.getMessage(), e);
        }
        return found.size();
    }

    private List<Found> find(LockFilter filter) {
        List<Found> found = new ArrayList<>();
        for (FileKey file : state.table().files()) {
            FileStatus status = state.table().status(file);
            Rows rows = new Rows(file, describe(file, status));
            List<Found> ofFile = new ArrayList<>();
            status.held().forEach(held -> ofFile.add(rows.held(held)));
            ofFile.sort(Comparator.comparing(f -> f.entry().start()));
            status.waiting().forEach(waiting -> ofFile.add(rows.waiting(waiting)));
            ofFile.stream().filter(f -> filter.matches(f.entry())).forEach(found::add);
        }
        found.sort(Comparator.comparing(
                f -> f.entry().path() == null ? f.entry().id() : f.entry().path()));
        return found;
    }

    private String describe(FileKey file, FileStatus status) {
        LockTargets known = targets.get();
        return known == null
                ? null
                : status.services()
                        .findFirst()
                        .map(service -> known.describe(new LockTargets.LockedFile(file.fsid(), file.id()), service))
                        .orElse(null);
    }

    /** The rows of one file. */
    private record Rows(FileKey file, String path) {

        Found held(FileStatus.Held held) {
            LockRequest request = new LockRequest(file, held.owner(), held.range(), held.exclusive());
            return new Found(request, entry(request, held.since(), false, null));
        }

        Found waiting(FileStatus.Waiting waiting) {
            LockRequest request = waiting.waiter().request();
            return new Found(request, entry(request, waiting.waiter().since(), true, blocker(waiting.blockedBy())));
        }

        private static String blocker(Holder holder) {
            if (holder == null) {
                return "a local process";
            }
            Owner owner = holder.owner();
            return owner.host() + " " + owner;
        }

        private LockEntry entry(LockRequest request, long since, boolean waiting, String blockedBy) {
            Range range = request.range();
            Owner owner = request.owner();
            return new LockEntry(
                    path,
                    HexFormat.of().toHexDigits(file.fsid()) + ":" + file.id(),
                    range.start(),
                    range.end() == Range.EOF ? null : range.end(),
                    request.exclusive(),
                    owner.host().toString(),
                    owner.toString(),
                    owner.host().service().getHostAddress(),
                    Instant.ofEpochMilli(since),
                    waiting,
                    blockedBy);
        }
    }

    List<HostEntry> hosts() {
        Map<String, HostEntry> rows = new TreeMap<>();
        for (HostMonitor monitor : state.services().all()) {
            for (Map.Entry<InetAddress, HostStatus> known : monitor.hosts().entrySet()) {
                Host host = new Host(known.getKey(), monitor.service());
                HostStatus status = known.getValue();
                rows.put(
                        key(host),
                        row(host, status.name(), status.monitored(), status.mayReclaim(), status.unnotified()));
            }
        }
        for (Host host : state.table().hosts()) {
            rows.putIfAbsent(key(host), row(host, "", false, false, false));
        }
        return List.copyOf(rows.values());
    }

    private static String key(Host host) {
        return host + " " + host.service().getHostAddress();
    }

    private HostEntry row(Host host, String name, boolean monitored, boolean mayReclaim, boolean unnotified) {
        return new HostEntry(
                host.toString(),
                host.service().getHostAddress(),
                name,
                state.table().count(host),
                monitored,
                mayReclaim,
                unnotified);
    }

    List<GraceEntry> grace() {
        return state.services().all().stream()
                .map(m -> new GraceEntry(m.service().getHostAddress(), m.state(), m.grace(), m.awaited()))
                .sorted(Comparator.comparing(GraceEntry::service))
                .toList();
    }
}
