package io.mooring.lockd.internal;

import io.mooring.addressmonitor.AddressListener;
import io.mooring.addressmonitor.ToldAddresses;
import io.mooring.lockd.internal.nsm.Services;
import io.mooring.sunrpc.RpcServer;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the server and the locks which addresses come and go. When one goes, all its transports are closed at once, and then
 * the locks that came through it are released: the node that has it now may grant them. Thread-safe.
 */
final class LockdAddresses implements AddressListener {
    private static final Logger LOG = LoggerFactory.getLogger(LockdAddresses.class);

    private final RpcServer server;
    private final Services services;
    private final List<InetAddress> served;
    private final LongSupplier nanoClock;
    private final ToldAddresses told = new ToldAddresses();

    /**
     * Knows no address yet.
     *
     * @param served the only ones that are listened on; empty: all
     */
    LockdAddresses(RpcServer server, Services services, List<InetAddress> served, LongSupplier nanoClock) {
        this.server = server;
        this.services = services;
        this.served = List.copyOf(served);
        this.nanoClock = nanoClock;
    }

    @Override
    public String name() {
        return "lockd";
    }

    /** Those that are new come together, as at a start of this node. */
    @Override
    public void addressesPresent(List<InetAddress> addresses) {
        List<InetAddress> fresh = new ArrayList<>();
        told.reconcile(addresses, new AddressListener() {
            @Override
            public String name() {
                return LockdAddresses.this.name();
            }

            @Override
            public void addressAdded(InetAddress address) {
                fresh.add(address);
            }

            @Override
            public void addressRemoved(InetAddress address) {
                LockdAddresses.this.addressRemoved(address);
            }
        });
        services.retain(addresses.stream().filter(this::isServed).toList());
        add(fresh);
    }

    @Override
    public void addressAdded(InetAddress address) {
        add(List.of(address));
    }

    private void add(List<InetAddress> addresses) {
        List<InetAddress> ours = new ArrayList<>();
        for (InetAddress address : addresses) {
            told.added(address);
            if (isServed(address)) {
                server.addressAdded(address);
                ours.add(address);
            }
        }
        services.arrive(ours);
    }

    private boolean isServed(InetAddress address) {
        return served.isEmpty() || served.contains(address);
    }

    @Override
    public void addressRemoved(InetAddress address) {
        told.removed(address);
        long start = nanoClock.getAsLong();
        int closed = server.closeTransports(address);
        double millis = (nanoClock.getAsLong() - start) / 1e6;
        LOG.info(
                "lockd: {} is gone: closed {} {} in {} ms",
                address.getHostAddress(),
                closed,
                closed == 1 ? "transport" : "transports",
                String.format(Locale.ROOT, "%.1f", millis));
        services.leave(address);
    }
}
