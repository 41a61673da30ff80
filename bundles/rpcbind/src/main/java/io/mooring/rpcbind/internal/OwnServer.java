package io.mooring.rpcbind.internal;

import io.mooring.addressmonitor.AddressListener;
import io.mooring.addressmonitor.ToldAddresses;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcServerOptions;
import io.mooring.sunrpc.RpcTransportService;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our own rpcbind: versions 2, 3 and 4 on one port, TCP and UDP. Thread-safe: immutable, over a thread-safe server. As
 * an {@link AddressListener} it gives each local address its UDP socket, and closes what a removed one leaves behind.
 */
final class OwnServer implements AddressListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OwnServer.class);

    /** Calls are short and everything is in memory: what a client may cost is little. The longest call is a SET. */
    private static final RpcServerOptions.Limits LIMITS =
            new RpcServerOptions.Limits(4096, 512, 16, 1 << 20, 512, 16 << 20, 1, Duration.ofSeconds(30), 256, 1 << 20);

    private final RpcServer server;
    private final LocalPrograms local;
    private final List<InetAddress> addresses;
    private final ToldAddresses told = new ToldAddresses();

    private OwnServer(RpcServer server, LocalPrograms local, List<InetAddress> addresses) {
        this.server = server;
        this.local = local;
        this.addresses = addresses;
    }

    /**
     * Opens it, and lists it among the local programs.
     *
     * @throws IOException where the port is in use or not permitted; nothing stays open
     */
    static OwnServer open(
            RpcTransportService rpc, Settings settings, LocalPrograms local, ForeignRegistrations foreign, Clock clock)
            throws IOException {
        Directory directory = new Directory(local, foreign, settings.maxRegistrations());
        SetRule rule = new SetRule(settings.privilegedSet(), new RateLimitedLog(clock, LOG::warn));
        List<RpcProgram> programs = programs(directory, rule, clock);
        RpcServer server = rpc.openServer(new RpcServerOptions(
                "rpcbind",
                programs,
                settings.addresses(),
                settings.port(),
                settings.udp() ? settings.port() : -1,
                LIMITS));
        local.add(server);
        return new OwnServer(server, local, settings.addresses());
    }

    /** Versions 2, 3 and 4. */
    static List<RpcProgram> programs(Directory directory, SetRule rule, Clock clock) {
        Counters counters = new Counters();
        return List.of(
                new PortmapProcedures(directory, rule, counters).program(),
                new RpcbindProcedures(Rpcbind4.VERSION_3, directory, rule, counters, clock).program(),
                new RpcbindProcedures(Rpcbind4.VERSION_4, directory, rule, counters, clock).program());
    }

    int port() {
        return server.tcpPort();
    }

    @Override
    public String name() {
        return "rpcbind";
    }

    @Override
    public void addressesPresent(List<InetAddress> present) {
        told.reconcile(present, this);
    }

    @Override
    public void addressAdded(InetAddress address) {
        told.added(address);
        if (addresses.isEmpty() || addresses.contains(address)) {
            server.addressAdded(address);
        }
    }

    @Override
    public void addressRemoved(InetAddress address) {
        told.removed(address);
        int closed = server.closeTransports(address);
        LOG.info("address {} is gone: rpcbind closed {} transports", address.getHostAddress(), closed);
    }

    @Override
    public void close() {
        local.remove(server);
        server.close();
    }
}
