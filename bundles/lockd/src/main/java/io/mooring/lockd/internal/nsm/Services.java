package io.mooring.lockd.internal.nsm;

import io.mooring.lockd.internal.locks.Locks;
import io.mooring.lockd.internal.table.Host;
import io.mooring.lockd.internal.table.LockTable;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses through which locks are taken. When one comes, hosts that had locks through it get SM_NOTIFY, and a grace
 * period in which only they get locks, which they had; when it goes, its locks go. Thread-safe; addresses come and go in turn.
 */
public final class Services {
    private static final Logger LOG = LoggerFactory.getLogger(Services.class);

    private final Settings settings;
    private final Supplier<Duration> grace;
    private final LockTable table;
    private final Locks locks;
    private final LongSupplier nanoClock;
    private final NotifySender notifySender;
    private final Map<InetAddress, HostMonitor> present = new ConcurrentHashMap<>();

    /**
     * What does not change.
     *
     * @param directories where hosts are recorded
     * @param maxHosts per address
     */
    public record Settings(StateDirectories directories, int maxHosts) {}

    /** Sends SM_NOTIFY to those that a monitor says are to be told. */
    @FunctionalInterface
    public interface NotifySender {
        /** Starts; it ends by itself when the address goes. */
        void start(HostMonitor monitor, Predicate<HostMonitor> stillPresent);
    }

    /** No address is there yet. */
    public Services(
            Settings settings,
            Supplier<Duration> grace,
            LockTable table,
            Locks locks,
            LongSupplier nanoClock,
            NotifySender notifySender) {
        this.settings = settings;
        this.grace = grace;
        this.table = table;
        this.locks = locks;
        this.nanoClock = nanoClock;
        this.notifySender = notifySender;
    }

    /**
     * These addresses came together: where hosts are recorded for one of them, all have a grace period, so that at a restart
     * nobody gets through one address what somebody had through another.
     */
    public synchronized void arrive(List<InetAddress> addresses) {
        List<HostMonitor> arrived = new ArrayList<>();
        for (InetAddress address : addresses) {
            if (!present.containsKey(address)) {
                HostStore store = new HostStore(settings.directories().of(address), address);
                arrived.add(HostMonitor.arrive(address, store, settings.maxHosts(), nanoClock));
            }
        }
        boolean recorded = arrived.stream().anyMatch(HostMonitor::hasRecorded);
        for (HostMonitor monitor : arrived) {
            if (recorded) {
                monitor.startGrace(grace.get());
            }
            table.open(monitor.service());
            present.put(monitor.service(), monitor);
            if (!monitor.unnotified().isEmpty()) {
                notifySender.start(monitor, this::isPresent);
            }
        }
        if (recorded) {
            LOG.info(
                    "lockd: hosts had locks: only they get locks, those that they had, for {} s",
                    grace.get().toSeconds());
        }
    }

    private boolean isPresent(HostMonitor monitor) {
        return present.get(monitor.service()) == monitor;
    }

    /** Releases all that was taken through the address. */
    public synchronized void leave(InetAddress address) {
        HostMonitor monitor = present.remove(address);
        if (monitor != null) {
            monitor.leave();
            locks.retire(address);
        }
    }

    /** Leaves those that are not among the addresses. */
    public synchronized void retain(Collection<InetAddress> addresses) {
        for (InetAddress address : List.copyOf(present.keySet())) {
            if (!addresses.contains(address)) {
                leave(address);
            }
        }
    }

    /** Null where the address is not there, or not yet. */
    public HostMonitor of(InetAddress service) {
        return present.get(service);
    }

    public List<HostMonitor> all() {
        return List.copyOf(present.values());
    }

    /**
     * A client restarted.
     *
     * @param state its state number now: what was locked with this number was locked afterwards
     * @return how many owners' locks were released
     */
    public int restarted(InetAddress client, int state) {
        int released = 0;
        for (HostMonitor monitor : present.values()) {
            Host host = new Host(client, monitor.service());
            released += locks.release(host, owner -> state == 0 || table.state(owner) != state);
            monitor.restarted(client);
        }
        if (present.values().stream().allMatch(monitor -> monitor.awaited() == 0)) {
            // Only when nobody is awaited at any: what is awaited at one may not be taken through another.
            present.values().forEach(HostMonitor::endGrace);
        }
        return released;
    }

    /** As after a crash: all locks are lost, and all hosts are told. */
    public synchronized void simulateCrash() {
        List<InetAddress> addresses = List.copyOf(present.keySet());
        addresses.forEach(this::leave);
        arrive(addresses);
    }

    /** Ends grace periods that are over, and forgets hosts without locks. To be called about every half minute. */
    public void tidy() {
        for (HostMonitor monitor : present.values()) {
            if (!monitor.inGrace()) {
                monitor.endGrace();
            }
            monitor.tidy(holdsSomething(monitor.service()));
        }
    }

    /** Whether a client has locks, waits for one, or has a share, through the address. */
    public Predicate<InetAddress> holdsSomething(InetAddress service) {
        return client -> table.count(new Host(client, service)) > 0;
    }
}
