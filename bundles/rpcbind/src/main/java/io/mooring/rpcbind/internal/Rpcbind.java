package io.mooring.rpcbind.internal;

import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcTransportService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the programs of this process known, in the way that is configured and possible. Thread-safe: its fields are
 * final, its parts thread-safe.
 */
final class Rpcbind implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rpcbind.class);

    private final LocalPrograms local;
    private final OwnServer ownServer;
    private final RegistrarThread registrar;

    private Rpcbind(LocalPrograms local, OwnServer ownServer, RegistrarThread registrar) {
        this.local = local;
        this.ownServer = ownServer;
        this.registrar = registrar;
    }

    static Rpcbind start(RpcTransportService rpc, Settings settings, ForeignRegistrations foreign, Clock clock) {
        LocalPrograms local = new LocalPrograms();
        return switch (settings.mode()) {
            case OFF -> {
                LOG.info("rpcbind: off; clients need the mount options port= and mountport=");
                yield new Rpcbind(local, null, null);
            }
            case REGISTER -> {
                LOG.info("rpcbind: registering with the host's rpcbind at port {}", settings.port());
                yield new Rpcbind(local, null, registrar(rpc, settings, local));
            }
            case SERVER -> startServer(rpc, settings, local, foreign, clock);
            case AUTO -> startAuto(rpc, settings, local, foreign, clock);
        };
    }

    private static Rpcbind startServer(
            RpcTransportService rpc,
            Settings settings,
            LocalPrograms local,
            ForeignRegistrations foreign,
            Clock clock) {
        try {
            return serving(local, OwnServer.open(rpc, settings, local, foreign, clock));
        } catch (IOException e) {
            LOG.error(
                    "rpcbind: not started: {}; set another port, or mode=register or auto, in io.mooring.rpcbind",
                    e.getMessage());
            return new Rpcbind(local, null, null);
        }
    }

    private static Rpcbind startAuto(
            RpcTransportService rpc,
            Settings settings,
            LocalPrograms local,
            ForeignRegistrations foreign,
            Clock clock) {
        try {
            return serving(local, OwnServer.open(rpc, settings, local, foreign, clock));
        } catch (IOException e) {
            LOG.info(
                    "rpcbind: registering with the host's rpcbind at port {}, since our own cannot have it: {}",
                    settings.port(),
                    e.getMessage());
            return new Rpcbind(local, null, registrar(rpc, settings, local));
        }
    }

    private static Rpcbind serving(LocalPrograms local, OwnServer server) {
        LOG.info("rpcbind: our own server listens on port {}", server.port());
        return new Rpcbind(local, server, null);
    }

    private static RegistrarThread registrar(RpcTransportService rpc, Settings settings, LocalPrograms local) {
        HostRpcbind host = new RpcHostRpcbind(
                rpc, loopback(), settings.port(), new PrivilegedPorts(new SecureRandom()::nextInt)::free);
        return new RegistrarThread(new HostRegistrar(host, local::registrations, LOG::warn), settings.verifyInterval());
    }

    private static List<InetAddress> loopback() {
        try {
            byte[] ipv6 = new byte[16];
            ipv6[15] = 1;
            return List.of(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), InetAddress.getByAddress(ipv6));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Our own server, where it is up. */
    Optional<OwnServer> ownServer() {
        return Optional.ofNullable(ownServer);
    }

    void add(RpcServer server) {
        if (isRpcbind(server)) {
            return;
        }
        local.add(server);
        changed();
    }

    void remove(RpcServer server) {
        if (isRpcbind(server)) {
            return;
        }
        local.remove(server);
        changed();
    }

    /** Our own server lists itself; its service must not be taken for another program's. */
    private static boolean isRpcbind(RpcServer server) {
        return server.programs().stream().anyMatch(p -> p.number() == Portmap2.PROGRAM);
    }

    private void changed() {
        if (registrar != null) {
            registrar.changed();
        }
    }

    @Override
    public void close() {
        if (registrar != null) {
            registrar.close();
        }
        if (ownServer != null) {
            ownServer.close();
        }
    }
}
