package io.mooring.nfsd.internal;

import io.mooring.addressmonitor.AddressListener;
import io.mooring.addressmonitor.ToldAddresses;
import io.mooring.sunrpc.RpcServer;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the server which addresses come and go. When one goes, all its transports are closed at once: a client whose
 * address moved to another node must never find a stale one when the address comes back. Thread-safe.
 */
public final class ServerAddresses implements AddressListener {
    private static final Logger LOG = LoggerFactory.getLogger(ServerAddresses.class);

    private final RpcServer server;
    private final List<InetAddress> served;
    private final LongSupplier nanoClock;
    private final ToldAddresses told = new ToldAddresses();
    private final AtomicLong removals = new AtomicLong();
    private final AtomicLong transportsClosed = new AtomicLong();

    /**
     * @param served the only ones that are listened on; empty: all
     */
    public ServerAddresses(RpcServer server, List<InetAddress> served, LongSupplier nanoClock) {
        this.server = server;
        this.served = List.copyOf(served);
        this.nanoClock = nanoClock;
    }

    @Override
    public String name() {
        return "nfsd";
    }

    @Override
    public void addressesPresent(List<InetAddress> addresses) {
        told.reconcile(addresses, this);
    }

    @Override
    public void addressAdded(InetAddress address) {
        told.added(address);
        if (served.isEmpty() || served.contains(address)) {
            server.addressAdded(address);
        }
    }

    @Override
    public void addressRemoved(InetAddress address) {
        told.removed(address);
        long start = nanoClock.getAsLong();
        int closed = server.closeTransports(address);
        double millis = (nanoClock.getAsLong() - start) / 1e6;
        removals.incrementAndGet();
        transportsClosed.addAndGet(closed);
        LOG.info(
                "nfsd: {} is gone: closed {} {} in {} ms",
                address.getHostAddress(),
                closed,
                closed == 1 ? "transport" : "transports",
                String.format(Locale.ROOT, "%.1f", millis));
    }

    public long removals() {
        return removals.get();
    }

    public long transportsClosed() {
        return transportsClosed.get();
    }
}
