package io.mooring.lockd.internal.nsm;

import io.mooring.lockd.internal.locks.Locks;
import io.mooring.lockd.internal.table.Host;
import io.mooring.lockd.internal.table.LockTable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    /** Addresses of services that move; they are present while this node has the service. */
    private final Set<InetAddress> moored = ConcurrentHashMap.newKeySet();
    /** Services whose grace periods were not seen to be over. */
    private final Set<ServiceGrace> graces = ConcurrentHashMap.newKeySet();
    /** What this host has, moored or not. Guarded by this. */
    private final Set<InetAddress> here = new HashSet<>();

    /**
     * What does not change.
     *
     * @param directories where hosts are recorded
     * @param maxHosts per address
     */
    public record Settings(StateDirectories directories, int maxHosts) {}

    private record ServiceGrace(List<HostMonitor> monitors, Runnable over) {}

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
        here.addAll(addresses);
        List<HostMonitor> arrived = new ArrayList<>();
        for (InetAddress address : addresses) {
            if (!present.containsKey(address) && !moored.contains(address)) {
                HostStore store = new HostStore(settings.directories().of(address), address);
                arrived.add(HostMonitor.arrive(address, store, settings.maxHosts(), nanoClock));
            }
        }
        arrived.forEach(monitor -> table.open(monitor.service()));
        admit(arrived);
    }

    /** Where hosts may have had locks that are not known, all wait for them. */
    private void admit(List<HostMonitor> arrived) {
        boolean recorded = arrived.stream().anyMatch(HostMonitor::hasRecorded);
        for (HostMonitor monitor : arrived) {
            if (recorded) {
                monitor.startGrace(grace.get());
            }
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

    /** Releases all that was taken through the address, unless it is moored. */
    public synchronized void leave(InetAddress address) {
        here.remove(address);
        if (!moored.contains(address)) {
            release(address);
        }
    }

    private void release(InetAddress address) {
        HostMonitor monitor = present.remove(address);
        if (monitor != null) {
            monitor.leave();
            locks.retire(address);
        }
    }

    /** Leaves those that are not among the addresses. */
    public synchronized void retain(Collection<InetAddress> addresses) {
        here.retainAll(addresses);
        for (InetAddress address : List.copyOf(present.keySet())) {
            if (!addresses.contains(address)) {
                leave(address);
            }
        }
    }

    /**
     * The addresses belong to a service that moves: that they come and go says nothing any more, and what was taken through them
     * until now is released.
     *
     * @throws IllegalArgumentException where one belongs to a service already
     */
    public synchronized void moor(Set<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            if (moored.contains(address)) {
                throw new IllegalArgumentException(address.getHostAddress() + " belongs to another service");
            }
        }
        moored.addAll(addresses);
        addresses.forEach(this::release);
    }

    /** The addresses are like others again. */
    public synchronized void unmoor(Set<InetAddress> addresses) {
        moored.removeAll(addresses);
        arrive(addresses.stream().filter(here::contains).toList());
    }

    /** Likewise, when there is no server any more: the next one tells which addresses are here. */
    public synchronized void abandon(Set<InetAddress> addresses) {
        moored.removeAll(addresses);
        here.removeAll(addresses);
    }

    public boolean isMoored(InetAddress service) {
        return moored.contains(service);
    }

    /**
     * Who is recorded with a service.
     *
     * @param directory of the addresses' directories
     * @param complete all locks are known; if not, hosts are to be told, and may reclaim
     * @throws IOException where that cannot be read, or written
     */
    public List<HostMonitor> recorded(Path directory, Set<InetAddress> addresses, boolean complete) throws IOException {
        List<HostMonitor> monitors = new ArrayList<>();
        for (InetAddress address : addresses) {
            HostStore store = new HostStore(directory, address);
            monitors.add(
                    complete
                            ? HostMonitor.resume(address, store, settings.maxHosts(), nanoClock)
                            : HostMonitor.restart(address, store, settings.maxHosts(), nanoClock));
        }
        return monitors;
    }

    /**
     * This node has the service now; its locks are there.
     *
     * @param graceOver run once, when none of its hosts may reclaim any more
     */
    public synchronized void take(List<HostMonitor> monitors, Runnable graceOver) {
        monitors.forEach(monitor -> monitor.keep(holdsSomething(monitor.service())));
        admit(monitors);
        graces.add(new ServiceGrace(monitors, graceOver));
    }

    /** This node gives the service up: nothing can be locked any more. Its locks are still there. */
    public void quit(Set<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            HostMonitor monitor = present.remove(address);
            if (monitor != null) {
                monitor.leave();
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
        endGraces(present.values().stream()
                .filter(monitor -> !moored.contains(monitor.service()))
                .toList());
        graces.forEach(service -> endGraces(service.monitors()));
        return released;
    }

    /** Only when nobody is awaited at any of them: what is awaited at one may not be taken through another. */
    private static void endGraces(List<HostMonitor> together) {
        if (together.stream().allMatch(monitor -> monitor.awaited() == 0)) {
            together.forEach(HostMonitor::endGrace);
        }
    }

    /** As after a crash: all locks are lost, and all hosts are told; what moves from node to node survives a crash. */
    public synchronized void simulateCrash() {
        List<InetAddress> addresses =
                present.keySet().stream().filter(a -> !moored.contains(a)).toList();
        addresses.forEach(this::release);
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
        for (ServiceGrace service : List.copyOf(graces)) {
            if (service.monitors().stream().noneMatch(HostMonitor::inGrace) && graces.remove(service)) {
                service.over().run();
            }
        }
    }

    /** Whether a client has locks, waits for one, or has a share, through the address. */
    public Predicate<InetAddress> holdsSomething(InetAddress service) {
        return client -> table.count(new Host(client, service)) > 0;
    }
}
