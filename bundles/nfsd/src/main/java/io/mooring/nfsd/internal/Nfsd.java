package io.mooring.nfsd.internal;

import io.mooring.addressmonitor.AddressListener;
import io.mooring.nfsd.NfsService;
import io.mooring.nfsd.internal.acl.AclProgram;
import io.mooring.nfsd.internal.exports.AccessControl;
import io.mooring.nfsd.internal.exports.ExportPaths;
import io.mooring.nfsd.internal.exports.Exports;
import io.mooring.nfsd.internal.exports.ExportsCheck;
import io.mooring.nfsd.internal.exports.ExportsFiles;
import io.mooring.nfsd.internal.exports.Getent;
import io.mooring.nfsd.internal.exports.Netgroups;
import io.mooring.nfsd.internal.exports.ParsedExports.Problem;
import io.mooring.nfsd.internal.exports.RareLog;
import io.mooring.nfsd.internal.exports.ServerGroups;
import io.mooring.nfsd.internal.exports.SystemHostNames;
import io.mooring.nfsd.internal.handle.FileHandles;
import io.mooring.nfsd.internal.handle.HandleKey;
import io.mooring.nfsd.internal.mount.MountProgram;
import io.mooring.nfsd.internal.mount.Mounts;
import io.mooring.nfsd.internal.nfs3.NfsLockTargets;
import io.mooring.nfsd.internal.nfs3.NfsProgram;
import io.mooring.nfsd.internal.nfs3.Resolver;
import io.mooring.nfsd.internal.scopes.MooredServices;
import io.mooring.nfsd.internal.scopes.NfsParticipant;
import io.mooring.nfsd.internal.scopes.Scope;
import io.mooring.nfsd.internal.scopes.Scopes;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcServerOptions;
import io.mooring.sunrpc.RpcServerStatistics;
import io.mooring.sunrpc.RpcServerStatistics.ProcedureStatistics;
import io.mooring.sunrpc.RpcTransportService;
import io.mooring.vfs.FileSystemProvider;
import io.mooring.vfs.LockTargets;
import io.mooring.vfs.service.ServiceParticipant;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The NFS server without OSGi: exports, programs and transports put together. Serves until it is closed. Thread-safe. */
public final class Nfsd implements NfsService, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Nfsd.class);

    /** How long a call waits for the name service: less than a client's first retransmission over TCP. */
    private static final Duration NAMES_PATIENCE = Duration.ofSeconds(5);

    /** How long a directory may take to answer before it counts as unavailable: activation waits for it. */
    private static final Duration PATH_PATIENCE = Duration.ofSeconds(3);

    /** What was opened; closed in the opposite order. */
    private final Deque<AutoCloseable> closeables = new ArrayDeque<>();

    /** What the server was opened with: this much is settled until it is closed. */
    private final NfsdOptions opened;

    private final ExportsCheck check;
    private final ExportsPoller poller;
    private final Getent getent = new Getent(NAMES_PATIENCE);
    private final MooredServices services;
    private final Exports exports;
    private NfsLockTargets lockTargets;
    private final Mounts mounts = new Mounts(Clock.systemUTC());
    private final RpcServer server;
    private final ServerAddresses addresses;
    private volatile NfsdOptions options;

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
        this.opened = options;
        this.options = options;
        ExportPaths paths = opened(new ExportPaths(files, options.files().own(), PATH_PATIENCE));
        boolean up = false;
        try {
            Netgroups netgroups = new Netgroups(() -> this.options.files().netgroup(), getent, System::nanoTime);
            SystemHostNames names = opened(new SystemHostNames(NAMES_PATIENCE, netgroups));
            services = opened(
                    new MooredServices(paths, () -> new Exports(paths, names, System::nanoTime), System::nanoTime));
            check = new ExportsCheck(paths, services);
            exports = opened(new Exports(paths, services, names, System::nanoTime));
            poller = opened(new ExportsPoller());
            follow(options).get();
            server = opened(rpc.openServer(serverOptions(options, handles)));
            addresses = new ServerAddresses(server, options.addresses(), System::nanoTime);
            up = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the exports were read", e);
        } catch (ExecutionException e) {
            throw new IOException("the exports could not be read: " + e.getCause(), e);
        } finally {
            if (!up) {
                close();
            }
        }
        LOG.info("nfsd: serves NFS 3, NFS_ACL 3 and MOUNT 1 and 3 on port {}", server.tcpPort());
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        closeables.push(closeable);
        return closeable;
    }

    private RpcServerOptions serverOptions(NfsdOptions options, FileHandles handles) {
        ServerGroups groups = new ServerGroups(getent, System::nanoTime);
        AccessControl access = new AccessControl(
                new RareLog(LOG, System::nanoTime),
                sys -> this.options.manageGids() ? groups.of(sys.uid()) : sys.groups());
        RareLog troubles = new RareLog(LOG, System::nanoTime);
        Scopes scopes = new Scopes(new Scope(null, exports, handles), services, System::nanoTime);
        Resolver resolver = new Resolver(scopes, access, () -> this.options.maxTransferBytes(), troubles);
        lockTargets = new NfsLockTargets(resolver);
        List<RpcProgram> programs = new ArrayList<>();
        programs.add(NfsProgram.of(resolver));
        programs.add(AclProgram.of(resolver));
        programs.addAll(MountProgram.of(scopes, access, mounts));
        int udpPort = options.udp() ? options.port() : -1;
        return new RpcServerOptions("nfsd", programs, options.addresses(), options.port(), udpPort, options.limits());
    }

    /**
     * Applies what can be applied while connections stay open, at once.
     *
     * @return false where that is not all: then nothing was applied, and the server must be closed and opened
     */
    synchronized boolean reconfigure(NfsdOptions next) {
        if (!next.fitsServerOf(opened)) {
            return false;
        }
        NfsdOptions before = options;
        options = next;
        if (!next.followsSameExports(before)) {
            var unused = follow(next);
        }
        LOG.info("nfsd: the new configuration applies, connections stay open");
        return true;
    }

    private Future<?> follow(NfsdOptions what) {
        ExportsFiles files =
                new ExportsFiles(what.files().exports(), what.files().exportsDirectory(), exports);
        Runnable poll = () -> {
            files.poll();
            services.tidy();
        };
        return poller.follow(files::load, poll, what.exportsPoll());
    }

    /** To be told of the host's addresses. */
    public AddressListener addressListener() {
        return addresses;
    }

    /** For lockd. */
    LockTargets lockTargets() {
        return lockTargets;
    }

    /** For failover. */
    ServiceParticipant participant() {
        return new NfsParticipant(services, exports);
    }

    public int port() {
        return server.tcpPort();
    }

    @Override
    public List<ExportStatus> exports() {
        return ExportStatuses.of(exports.get(), services.list());
    }

    @Override
    public List<ExportProblem> checkExports(List<Path> files) {
        List<Problem> problems = files.isEmpty()
                ? check.configured(options.files().exports(), options.files().exportsDirectory())
                : check.files(files);
        return problems.stream()
                .map(p -> new ExportProblem(p.file(), p.line(), p.message()))
                .toList();
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
        while (!closeables.isEmpty()) {
            try {
                closeables.pop().close();
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                LOG.warn("nfsd: closing failed", e);
            }
        }
    }
}
