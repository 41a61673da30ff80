package io.mooring.nfsd.internal.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.nfsd.internal.exports.AccessControl;
import io.mooring.nfsd.internal.exports.ExportPaths;
import io.mooring.nfsd.internal.exports.Exports;
import io.mooring.nfsd.internal.exports.ExportsParser;
import io.mooring.nfsd.internal.exports.HostNames;
import io.mooring.nfsd.internal.exports.OwnFiles;
import io.mooring.nfsd.internal.exports.RareLog;
import io.mooring.nfsd.internal.handle.FileHandles;
import io.mooring.nfsd.internal.mount.MountProgram;
import io.mooring.nfsd.internal.mount.Mounts;
import io.mooring.nfsd.internal.nfs3.NfsProgram;
import io.mooring.nfsd.internal.nfs3.Resolver;
import io.mooring.nfsd.internal.scopes.MooredServices;
import io.mooring.nfsd.internal.scopes.NfsParticipant;
import io.mooring.nfsd.internal.scopes.Scope;
import io.mooring.nfsd.internal.scopes.Scopes;
import io.mooring.nfsd.internal.wire.Nfs3.Item;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.Result;
import io.mooring.nfsd.internal.wire.Nfs3Args.DirOpArgs3;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.FileSystemProvider;
import io.mooring.vfs.MountPoint;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.service.ServiceDeclaration;
import io.mooring.vfs.service.ServiceParticipant;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.LoggerFactory;

/** nfsd's programs over file systems in memory, one per export, so that a procedure's test is one line. */
public final class NfsKit {
    public final Map<String, MemoryFileSystem> fileSystems = new HashMap<>();

    /** What is mounted on the host, besides. */
    public final List<MountPoint> mountPoints = new ArrayList<>();

    public boolean namesAreDead;

    /** Added to the clock of the exports. */
    public Duration later = Duration.ZERO;

    /** How long ago the server was started. */
    public Duration up = Duration.ZERO;

    private final HostNames names = new FewNames();
    private final ExportPaths paths = new ExportPaths(new MemoryProvider(), OwnFiles.NONE, Duration.ofSeconds(60));
    public final MooredServices services =
            new MooredServices(paths, () -> new Exports(paths, names, this::now), this::now);
    public final Exports exports = new Exports(paths, services, names, this::now);
    public final FileHandles handles = new FileHandles(new byte[16]);
    public final Scopes scopes = new Scopes(new Scope(null, exports, handles), services, () -> up.toNanos());
    public final ServiceParticipant participant = new NfsParticipant(services, exports);
    public final Mounts mounts = new Mounts(Clock.systemUTC());
    public FakeCall call = FakeCall.ordinary();

    private final RareLog log = new RareLog(LoggerFactory.getLogger("nfsd"), System::nanoTime);
    private final AccessControl access = new AccessControl(log);
    private final RpcProgram nfs = NfsProgram.of(new Resolver(scopes, access, () -> 1 << 20, log));
    private final List<RpcProgram> mount = MountProgram.of(scopes, access, mounts);

    /**
     * Serves what the text says.
     *
     * @param text exports(5); a path with "missing" in it cannot be opened
     */
    public NfsKit(String text) {
        up = Duration.ofHours(1);
        export(text);
    }

    private long now() {
        return System.nanoTime() + later.toNanos();
    }

    public void export(String text) {
        exports.reconcile(new ExportsParser().add("exports", text).build());
    }

    /** Declares a service with this address; its state directory need not be there before it is taken. */
    public ServiceParticipant.Mooring moor(String name, InetAddress address, Path state, String... exports) {
        return participant.moor(new ServiceDeclaration(name, List.of(address), List.of(exports), name + ".cfg", state));
    }

    public static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    public RpcProgram nfs() {
        return nfs;
    }

    /** Version 1 or 3 of MOUNT. */
    public RpcProgram mount(int version) {
        return mount.stream().filter(p -> p.version() == version).findFirst().orElseThrow();
    }

    /** Mounts something on a name in the root of a tree that is open; its own tree opens when it is first used. */
    public void mount(long id, String tree, String name) {
        fileSystem(tree).mounts.put(name, id);
        mountPoints.add(new MountPoint(id, Path.of(tree, name)));
    }

    public void unmount(long id) {
        fileSystems.values().forEach(each -> each.mounts.values().remove(id));
        mountPoints.removeIf(mount -> mount.id() == id);
    }

    public MemoryFileSystem fileSystem(String path) {
        return fileSystems.get(path);
    }

    /** The root of an export, however it may be mounted. */
    public NfsFh3 root(String path) {
        return exports.get().exports().stream()
                .filter(e -> e.definition().path().equals(Path.of(path)))
                .map(e -> new NfsFh3(handles.encode(e.fsid(), e.fileSystem().root())))
                .findFirst()
                .orElseThrow();
    }

    public <T extends Item, F extends Item> Result<T, F> run(
            String procedure, Item arguments, XdrDecoder<T> resok, XdrDecoder<F> resfail) {
        return ProcedureKit.call(nfs, procedure, call, arguments, r -> Result.read(r, resok, resfail));
    }

    /** Calls a procedure that must succeed. */
    public <T extends Item> T ok(String procedure, Item arguments, XdrDecoder<T> resok) {
        Result<T, Item> result = run(procedure, arguments, resok, r -> w -> {});
        assertThat(result).isInstanceOf(Result.Ok.class);
        return ((Result.Ok<T, Item>) result).resok();
    }

    /** Calls a procedure that must fail like this. */
    public <F extends Item> F fails(String procedure, Item arguments, NfsStat3 status, XdrDecoder<F> resfail) {
        Result<Item, F> result = run(procedure, arguments, r -> w -> {}, resfail);
        assertThat(result).isInstanceOf(Result.Fail.class);
        Result.Fail<Item, F> fail = (Result.Fail<Item, F>) result;
        assertThat(fail.status()).isEqualTo(status);
        return fail.resfail();
    }

    public static DirOpArgs3 at(NfsFh3 directory, String name) {
        return new DirOpArgs3(directory, bytes(name));
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private final class MemoryProvider implements FileSystemProvider {
        @Override
        public FileSystem open(Path root, FileSystemOptions options) throws VfsException {
            if (root.toString().contains("missing")) {
                throw new VfsException(VfsException.Status.NOENT, root + " does not exist: make it");
            }
            MemoryFileSystem opened = new MemoryFileSystem();
            fileSystems.put(root.toString(), opened);
            return opened;
        }

        @Override
        public List<MountPoint> mountPoints() {
            return List.copyOf(mountPoints);
        }

        @Override
        public FileSystem open(MountPoint mount, FileSystemOptions options) throws VfsException {
            String path = mount.path().toString();
            if (path.contains("hidden")) {
                throw new VfsException(VfsException.Status.NOENT, path + " is another mount meanwhile");
            }
            return open(mount.path(), options);
        }
    }

    private final class FewNames implements HostNames {
        @Override
        public List<InetAddress> addresses(String name) throws NameServiceException {
            if (namesAreDead) {
                throw new NameServiceException("nobody answers");
            }
            return List.of();
        }

        @Override
        public String name(InetAddress address) {
            return null;
        }

        @Override
        public Set<String> netgroup(String name) {
            return name.equals("trusted") ? Set.of("10.0.0.1", "2001:db8:0:0:0:0:0:7") : Set.of();
        }
    }
}
