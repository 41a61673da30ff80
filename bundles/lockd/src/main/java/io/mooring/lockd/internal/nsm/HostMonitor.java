package io.mooring.lockd.internal.nsm;

import io.mooring.lockd.internal.nsm.HostStore.List;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hosts of one service address: those that were recorded when the address came, which may reclaim their locks until its
 * grace period ends, and those that have locked since, each on stable storage before its first lock. Thread-safe by its
 * monitor, within which it writes to stable storage.
 */
public final class HostMonitor {
    private static final Logger LOG = LoggerFactory.getLogger(HostMonitor.class);

    private final InetAddress service;
    private final HostStore store;
    private final int maxHosts;
    private final LongSupplier nanoClock;
    private final Map<InetAddress, Entry> hosts = new HashMap<>();
    /** Those that may reclaim. */
    private final Set<InetAddress> recorded = new HashSet<>();

    private final Map<InetAddress, String> unnotified = new HashMap<>();
    private int state = 1;
    private long graceEnd;
    private boolean inGrace;
    private boolean left;

    /** A host that is on stable storage. */
    private static final class Entry {
        final String name;
        /** Calls of it that are being answered, and may grant it a lock. */
        int using;

        boolean idle;

        Entry(String name) {
            this.name = name;
        }
    }

    private HostMonitor(InetAddress service, HostStore store, int maxHosts, LongSupplier nanoClock) {
        this.service = service;
        this.store = store;
        this.maxHosts = maxHosts;
        this.nanoClock = nanoClock;
    }

    /** The address came: reads who was recorded, and raises the state number. Goes on without what fails, and says so. */
    static HostMonitor arrive(InetAddress service, HostStore store, int maxHosts, LongSupplier nanoClock) {
        HostMonitor monitor = new HostMonitor(service, store, maxHosts, nanoClock);
        monitor.load();
        return monitor;
    }

    /** A service came without all its locks: as {@link #arrive}, but what fails is an end of it. */
    static HostMonitor restart(InetAddress service, HostStore store, int maxHosts, LongSupplier nanoClock)
            throws IOException {
        HostMonitor monitor = new HostMonitor(service, store, maxHosts, nanoClock);
        monitor.record(monitor.read());
        return monitor;
    }

    /** A service came with all its locks: its hosts go on, and those are told that were to be told before. */
    static HostMonitor resume(InetAddress service, HostStore store, int maxHosts, LongSupplier nanoClock)
            throws IOException {
        HostMonitor monitor = new HostMonitor(service, store, maxHosts, nanoClock);
        monitor.goOn();
        return monitor;
    }

    private synchronized void goOn() throws IOException {
        unnotified.putAll(store.read(List.NOTIFY));
        store.read(List.MONITORED).forEach((client, name) -> hosts.put(client, new Entry(name)));
        state = store.keepState();
    }

    private synchronized Map<InetAddress, String> read() throws IOException {
        unnotified.putAll(store.read(List.NOTIFY));
        return store.read(List.MONITORED);
    }

    private synchronized void record(Map<InetAddress, String> monitored) throws IOException {
        recorded.addAll(monitored.keySet());
        unnotified.putAll(monitored);
        // Also where nothing can be written: those that are told must see another one than before.
        state = store.nextState();
        for (Map.Entry<InetAddress, String> host : monitored.entrySet()) {
            store.add(List.NOTIFY, host.getKey(), host.getValue());
        }
        store.saveState(state);
    }

    /** Those of the recorded that have something already stay recorded when nobody can reclaim any more. */
    synchronized void keep(Predicate<InetAddress> holdsSomething) {
        for (InetAddress client : recorded) {
            if (holdsSomething.test(client)) {
                hosts.putIfAbsent(client, new Entry(unnotified.getOrDefault(client, "")));
            }
        }
    }

    private synchronized void load() {
        Map<InetAddress, String> monitored = null;
        try {
            monitored = read();
            record(monitored);
        } catch (IOException e) {
            LOG.error(
                    "lockd: {}: {}: {} (configuration io.mooring.lockd: stateDirectory)",
                    service.getHostAddress(),
                    monitored != null
                            ? "the restart cannot be recorded: hosts that have not locked before get no locks"
                            : "the hosts that had locks cannot be read: they will not be told, and cannot reclaim",
                    e.toString());
        }
    }

    public InetAddress service() {
        return service;
    }

    public synchronized int state() {
        return state;
    }

    public synchronized boolean hasRecorded() {
        return !recorded.isEmpty();
    }

    /** Those that are to be told that this server restarted, with their names. */
    synchronized Map<InetAddress, String> unnotified() {
        return Map.copyOf(unnotified);
    }

    synchronized void startGrace(Duration length) {
        inGrace = true;
        graceEnd = nanoClock.getAsLong() + length.toNanos();
    }

    /** What is left of the grace period; zero: it is over. */
    public synchronized Duration grace() {
        long left = inGrace ? graceEnd - nanoClock.getAsLong() : 0;
        return Duration.ofNanos(Math.max(0, left));
    }

    public boolean inGrace() {
        return !grace().isZero();
    }

    /** Whether the host may say that it had a lock before the restart. */
    public synchronized boolean mayReclaim(InetAddress client) {
        return inGrace() && recorded.contains(client);
    }

    /**
     * The host will now perhaps get a lock: it is on stable storage when this returns, and stays there while it has locks or
     * the call goes on. To be closed when the call is answered.
     *
     * @return null where that cannot be: then it must not get one
     */
    public synchronized Use use(InetAddress client, String name, Predicate<InetAddress> holdsSomething) {
        Entry entry = hosts.get(client);
        if (entry == null) {
            entry = record(client, name, holdsSomething);
            if (entry == null) {
                return null;
            }
        }
        entry.using++;
        entry.idle = false;
        return new Use(entry);
    }

    /** A call that may grant a lock. */
    public final class Use implements AutoCloseable {
        private final Entry entry;

        private Use(Entry entry) {
            this.entry = entry;
        }

        @Override
        public void close() {
            synchronized (HostMonitor.this) {
                entry.using--;
            }
        }
    }

    private Entry record(InetAddress client, String name, Predicate<InetAddress> holdsSomething) {
        if (hosts.size() >= maxHosts) {
            forget(holdsSomething, entry -> entry.using == 0);
        }
        if (left || hosts.size() >= maxHosts) {
            return null;
        }
        // One that may reclaim is there already: after a restart all come at once.
        if (!recorded.contains(client)) {
            try {
                store.add(List.MONITORED, client, name);
            } catch (IOException e) {
                LOG.debug("lockd: a host cannot be recorded", e);
                return null;
            }
        }
        Entry entry = new Entry(name);
        hosts.put(client, entry);
        return entry;
    }

    /** Forgets the hosts that had nothing since it was called the last time. To be called from time to time. */
    synchronized void tidy(Predicate<InetAddress> holdsSomething) {
        forget(holdsSomething, entry -> entry.using == 0 && entry.idle);
        hosts.values().forEach(entry -> entry.idle = true);
    }

    private void forget(Predicate<InetAddress> holdsSomething, Predicate<Entry> unused) {
        for (InetAddress client : Set.copyOf(hosts.keySet())) {
            boolean needed = recorded.contains(client) || holdsSomething.test(client);
            if (unused.test(hosts.get(client)) && !needed && !left) {
                hosts.remove(client);
                remove(List.MONITORED, client);
            }
        }
    }

    /** The host restarted: it will not reclaim. */
    synchronized void restarted(InetAddress client) {
        if (recorded.remove(client) && !hosts.containsKey(client)) {
            remove(List.MONITORED, client);
        }
    }

    /** Nobody can reclaim any more: who did not is not on stable storage any longer. Does nothing the second time. */
    synchronized void endGrace() {
        inGrace = false;
        for (InetAddress client : recorded) {
            if (!hosts.containsKey(client)) {
                remove(List.MONITORED, client);
            }
        }
        recorded.clear();
    }

    /** The host was told of the restart, or will not be. */
    synchronized void notified(InetAddress client) {
        unnotified.remove(client);
        remove(List.NOTIFY, client);
    }

    private void remove(List list, InetAddress client) {
        if (left) {
            return;
        }
        try {
            store.remove(list, client);
        } catch (IOException e) {
            LOG.warn("lockd: {} stays recorded: {}", client.getHostAddress(), e.toString());
        }
    }

    /** The address is gone: what is on stable storage belongs to the node that has it now. */
    synchronized void leave() {
        left = true;
    }

    /** How many may still reclaim. */
    public synchronized int awaited() {
        return inGrace() ? recorded.size() : 0;
    }

    /** The hosts that are recorded. */
    public synchronized Map<InetAddress, HostStatus> hosts() {
        Set<InetAddress> clients = new HashSet<>(hosts.keySet());
        clients.addAll(recorded);
        clients.addAll(unnotified.keySet());
        Map<InetAddress, HostStatus> result = new HashMap<>();
        for (InetAddress client : clients) {
            Entry entry = hosts.get(client);
            String name = entry == null ? unnotified.getOrDefault(client, "") : entry.name;
            boolean monitored = entry != null || recorded.contains(client);
            result.put(client, new HostStatus(name, monitored, mayReclaim(client), unnotified.containsKey(client)));
        }
        return result;
    }

    /**
     * How a host is known.
     *
     * @param monitored it is on stable storage, and will be told of a restart
     * @param mayReclaim it had locks before the restart, and the grace period goes on
     * @param unnotified it has not answered SM_NOTIFY yet
     */
    public record HostStatus(String name, boolean monitored, boolean mayReclaim, boolean unnotified) {}
}
