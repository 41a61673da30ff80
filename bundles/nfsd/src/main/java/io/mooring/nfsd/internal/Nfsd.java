package io.mooring.nfsd.internal;

import io.mooring.addressmonitor.AddressListener;
import io.mooring.nfsd.NfsService;
import io.mooring.nfsd.internal.acl.AclProgram;
import io.mooring.nfsd.internal.exports.AccessControl;
import io.mooring.nfsd.internal.exports.Exports;
import io.mooring.nfsd.internal.exports.ExportsFiles;
import io.mooring.nfsd.internal.exports.RareLog;
import io.mooring.nfsd.internal.exports.SystemHostNames;
import io.mooring.nfsd.internal.handle.FileHandles;
import io.mooring.nfsd.internal.handle.HandleKey;
import io.mooring.nfsd.internal.mount.MountProgram;
import io.mooring.nfsd.internal.mount.Mounts;
import io.mooring.nfsd.internal.nfs3.NfsProgram;
import io.mooring.nfsd.internal.nfs3.Resolver;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcServerOptions;
import io.mooring.sunrpc.RpcServerStatistics;
import io.mooring.sunrpc.RpcServerStatistics.ProcedureStatistics;
import io.mooring.sunrpc.RpcTransportService;
import io.mooring.vfs.FileSystemProvider;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The NFS server without OSGi: exports, programs and transports put together. Serves until it is closed. Thread-safe. */
public final class Nfsd implements NfsService, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Nfsd.class);

    /** How long a call waits for the name service: less than a client's first retransmission over TCP. */
    private static final Duration NAMES_PATIENCE = Duration.ofSeconds(5);

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    /** What was opened; closed in the opposite order. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private final Exports exports;
    private final Mounts mounts = new Mounts(Clock.systemUTC());
    private final RpcServer server;
    private final ServerAddresses addresses;

    /**
     * Serves at once.
     *
     * @throws IOException where it cannot; the message says what to change, and nothing stays open
     */
    public static Nfsd open(NfsdOptions options, RpcTransportService rpc, FileSystemProvider files) throws IOException {
        byte[] key = HandleKey.readOrCreate(options.files().key(), new SecureRandom());
        return new Nfsd(options, rpc, files, new FileHandles(key));
    }

    private Nfsd(NfsdOptions options, RpcTransportService rpc, FileSystemProvider files, FileHandles handles)
            throws IOException {
        boolean up = false;
        try {
            SystemHostNames names = opened(new SystemHostNames(NAMES_PATIENCE));
            exports = opened(new Exports(files, names, System::nanoTime));
            ExportsFiles exportsFiles =
                    new ExportsFiles(options.files().exports(), options.files().exportsDirectory(), exports);
            exportsFiles.load();
            server = opened(rpc.openServer(serverOptions(options, handles)));
            addresses = new ServerAddresses(server, options.addresses(), System::nanoTime);
            poll(exportsFiles, options.exportsPoll());
            up = true;
        } finally {
            if (!up) {
                close();
            }
        }
        LOG.info("nfsd: serves NFS 3, NFS_ACL 3 and MOUNT 1 and 3 on port {}", server.tcpPort());
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        open.push(closeable);
        return closeable;
    }

    private RpcServerOptions serverOptions(NfsdOptions options, FileHandles handles) {
        AccessControl access = new AccessControl(new RareLog(LOG, System::nanoTime));
        RareLog troubles = new RareLog(LOG, System::nanoTime);
        Resolver resolver = new Resolver(exports, handles, access, options.maxTransferBytes(), troubles);
        List<RpcProgram> programs = new ArrayList<>();
        programs.add(NfsProgram.of(resolver));
        programs.add(AclProgram.of(resolver));
        programs.addAll(MountProgram.of(exports, handles, access, mounts));
        int udpPort = options.udp() ? options.port() : -1;
        return new RpcServerOptions("nfsd", programs, options.addresses(), options.port(), udpPort, options.limits());
    }

    private void poll(ExportsFiles files, Duration interval) {
        ScheduledExecutorService poller = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "nfsd-exports");
            thread.setDaemon(true);
            return thread;
        });
        opened(() -> {
            poller.shutdownNow();
            if (!poller.awaitTermination(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("nfsd: the exports are still being read after {}", STOP_PATIENCE);
            }
        });
        long millis = interval.toMillis();
        var unused = poller.scheduleWithFixedDelay(
                () -> {
                    try {
                        files.poll();
                    } catch (RuntimeException e) {
                        LOG.error("nfsd: reading the exports failed", e);
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }

    /** To be told of the host's addresses. */
    public AddressListener addressListener() {
        return addresses;
    }

    public int port() {
        return server.tcpPort();
    }

    @Override
    public List<ExportStatus> exports() {
        return ExportStatuses.of(exports.get());
    }

    @Override
    public List<MountEntry> mounts() {
        return mounts.list().stream()
                .map(m -> new MountEntry(m.client().getHostAddress(), m.path(), m.since()))
                .toList();
    }

    @Override
    public NfsStatistics statistics() {
        RpcServerStatistics statistics = server.statistics();
        return new NfsStatistics(
                addresses.removals(),
                addresses.transportsClosed(),
                statistics.replays(),
                statistics.rpcErrors(),
                statistics.procedures().stream().map(Nfsd::count).toList());
    }

    private static ProcedureCount count(ProcedureStatistics p) {
        double meanMicros = p.calls() == 0 ? 0 : p.totalNanos() / 1e3 / p.calls();
        return new ProcedureCount(p.program(), p.version(), p.procedure(), p.calls(), meanMicros);
    }

    /** Ends calls and transports first, then closes the file systems. */
    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                LOG.warn("nfsd: closing failed", e);
            }
        }
    }
}
