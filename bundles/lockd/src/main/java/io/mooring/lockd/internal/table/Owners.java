package io.mooring.lockd.internal.table;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The table by host and owner, with their counts. Guarded by the table's monitor. */
final class Owners {
    private final Map<Host, HostEntry> hosts = new HashMap<>();
    private final Set<Owner> blocked = new HashSet<>();
    private int count;

    /** A host: its owners, and how many locks, waiters and shares they have. */
    private static final class HostEntry {
        final Map<Owner, Entry> owners = new HashMap<>();
        int count;
    }

    /** An owner: where it holds something, and what it waits for. */
    static final class Entry {
        /** The one object for all equal ones. */
        final Owner owner;

        final Set<FileKey> files = new HashSet<>(2);
        final Set<LockRequest> waiting = new LinkedHashSet<>(2);
        int state;

        Entry(Owner owner) {
            this.owner = owner;
        }
    }

    /** Made where there is none: the caller gives it a file or a waiter at once. */
    Entry entry(Owner owner) {
        return hosts.computeIfAbsent(owner.host(), h -> new HostEntry()).owners.computeIfAbsent(owner, Entry::new);
    }

    private Entry find(Owner owner) {
        HostEntry host = hosts.get(owner.host());
        return host == null ? null : host.owners.get(owner);
    }

    int count() {
        return count;
    }

    int count(Host host) {
        HostEntry entry = hosts.get(host);
        return entry == null ? 0 : entry.count;
    }

    void count(Owner owner, int change) {
        if (change != 0) {
            hosts.get(owner.host()).count += change;
            count += change;
        }
    }

    void waits(LockRequest request) {
        Owner owner = request.owner();
        entry(owner).waiting.add(request);
        blocked.add(owner);
        count(owner, 1);
    }

    void waitsNoMore(LockRequest request) {
        Owner owner = request.owner();
        Entry entry = find(owner);
        entry.waiting.remove(request);
        count(owner, -1);
        if (entry.waiting.isEmpty()) {
            blocked.remove(owner);
        }
        forgetUnused(entry);
    }

    /** The owner has nothing in the file any more. */
    void leave(Owner owner, FileKey file) {
        Entry entry = find(owner);
        if (entry != null) {
            entry.files.remove(file);
            forgetUnused(entry);
        }
    }

    private void forgetUnused(Entry entry) {
        if (entry.files.isEmpty() && entry.waiting.isEmpty()) {
            HostEntry host = hosts.get(entry.owner.host());
            host.owners.remove(entry.owner);
            if (host.owners.isEmpty()) {
                hosts.remove(entry.owner.host());
            }
        }
    }

    /** Owners that wait for something. */
    Collection<Owner> blocked() {
        return blocked;
    }

    Collection<LockRequest> waiting(Owner owner) {
        Entry entry = find(owner);
        return entry == null ? List.of() : entry.waiting;
    }

    int state(Owner owner) {
        Entry entry = find(owner);
        return entry == null ? 0 : entry.state;
    }

    Set<FileKey> files(Owner owner) {
        Entry entry = find(owner);
        return entry == null ? Set.of() : Set.copyOf(entry.files);
    }

    Set<Host> hosts() {
        return Set.copyOf(hosts.keySet());
    }

    Set<Owner> of(Host host) {
        HostEntry entry = hosts.get(host);
        return entry == null ? Set.of() : Set.copyOf(entry.owners.keySet());
    }

    /** For tests: throws where the counts are wrong. */
    void check(Map<FileKey, LockedFile> files, int waiters) {
        int sum = 0;
        for (HostEntry host : hosts.values()) {
            int own = 0;
            for (Entry entry : host.owners.values()) {
                own += entry.waiting.size();
                for (FileKey key : entry.files) {
                    LockedFile file = files.get(key);
                    own += file.count(entry.owner) + (file.shares.has(entry.owner) ? 1 : 0);
                }
            }
            if (own != host.count) {
                throw new IllegalStateException("a host has " + own + ", not " + host.count);
            }
            sum += own;
        }
        if (sum != count || (waiters == 0) != blocked.isEmpty()) {
            throw new IllegalStateException("all have " + sum + ", not " + count);
        }
    }
}
