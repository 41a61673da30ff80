package io.mooring.nfsd.internal.nfs3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.nfsd.internal.exports.AccessControl;
import io.mooring.nfsd.internal.exports.Export;
import io.mooring.nfsd.internal.exports.RareLog;
import io.mooring.nfsd.internal.scopes.Scope;
import io.mooring.nfsd.internal.testing.MemoryFileSystem;
import io.mooring.nfsd.internal.testing.NfsKit;
import io.mooring.vfs.Attributes;
import io.mooring.vfs.Caller;
import io.mooring.vfs.CreateMode;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.FileTime;
import io.mooring.vfs.FileType;
import io.mooring.vfs.LockTargets.LockTarget;
import io.mooring.vfs.LockTargets.LockedFile;
import io.mooring.vfs.NewAttributes;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import io.mooring.vfs.service.ServiceParticipant.Mooring;
import io.mooring.vfs.service.ServiceState;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class NfsLockTargetsTest {
    private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();
    private static final InetSocketAddress CLIENT = new InetSocketAddress("10.0.0.1", 700);
    private static final InetSocketAddress STRANGER = new InetSocketAddress("10.0.0.2", 700);
    private static final Caller ALICE = new Caller(1000, 1000, new int[0]);

    private final NfsKit kit = new NfsKit("/a 10.0.0.1(rw)\n/b 10.0.0.1(ro)\n/missing 10.0.0.1(fsid=7)");
    private final RareLog log = new RareLog(LoggerFactory.getLogger("nfsd"), System::nanoTime);
    private final Resolver resolver = new Resolver(kit.scopes, new AccessControl(log), () -> 4096, log);
    private final NfsLockTargets targets = new NfsLockTargets(resolver);
    private byte[] handle;
    private FileId file;

    @BeforeEach
    void create() throws VfsException {
        file = create("/a");
        handle = handle("/a", file);
    }

    private FileId create(String export) throws VfsException {
        MemoryFileSystem files = kit.fileSystem(export);
        NewAttributes attributes = new NewAttributes(0644, null, null, null, null, null);
        byte[] name = NfsKit.bytes("f");
        return files.create(Caller.ROOT, files.root(), name, new CreateMode.Guarded(attributes))
                .id();
    }

    private long fsid(String export) {
        return kit.exports.get().exports().stream()
                .filter(e -> e.definition().path().toString().equals(export))
                .findFirst()
                .orElseThrow()
                .fsid();
    }

    private byte[] handle(String export, FileId id) {
        return kit.handles.encode(fsid(export), id);
    }

    private static void fails(Status status, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VfsException.class, e -> assertThat(e.status()).isEqualTo(status));
    }

    @Test
    void aHandleNamesItsFile() throws VfsException {
        LockTarget target = targets.find(handle, LOCAL, CLIENT, ALICE);
        assertThat(target.file()).isEqualTo(new LockedFile(fsid("/a"), file));
        assertThat(target.readOnly()).isFalse();
        assertThat(targets.identify(handle, LOCAL)).isEqualTo(target.file());
        assertThat(targets.find(handle("/b", create("/b")), LOCAL, CLIENT, ALICE)
                        .readOnly())
                .isTrue();
    }

    @Test
    void aFileSystemWithoutLocksSaysSoWhenItIsOpened() throws VfsException {
        LockTarget target = targets.find(handle, LOCAL, CLIENT, ALICE);
        fails(Status.NOTSUPP, () -> target.opener().open());
        assertThat(targets.describe(target.file(), LOCAL)).isNull();
    }

    @Test
    void whatClientsMayNotIsRefused() {
        fails(Status.ACCES, () -> targets.find(handle, LOCAL, STRANGER, ALICE));
        fails(Status.BADHANDLE, () -> targets.find(new byte[30], LOCAL, CLIENT, ALICE));
        fails(Status.BADHANDLE, () -> targets.identify(new byte[30], LOCAL));
        fails(Status.JUKEBOX, () -> targets.find(kit.handles.encode(7, file), LOCAL, CLIENT, ALICE));
        fails(Status.STALE, () -> targets.find(kit.handles.encode(8, file), LOCAL, CLIENT, ALICE));
    }

    /** A file system that grants some of the bits on files of one owner. */
    private static FileSystem granting(int bits, int owner) {
        FileTime time = new FileTime(0, 0);
        return (FileSystem) Proxy.newProxyInstance(
                FileSystem.class.getClassLoader(), new Class<?>[] {FileSystem.class}, (proxy, method, args) -> {
                    assertThat(method.getName()).isEqualTo("access");
                    Attributes attributes =
                            new Attributes(FileType.REGULAR, 0600, 1, owner, 0, 0, 0, 0, 0, 1, time, time, time);
                    return new FileSystem.Access((int) args[2] & bits, attributes);
                });
    }

    /** Clients whose lockd does not say whom it acts for need that. */
    @Test
    void withoutAuthNlmWhoeverMayMountMayLock() throws VfsException {
        MemoryFileSystem files = kit.fileSystem("/a");
        files.failWith = Status.ACCES;
        fails(Status.ACCES, () -> targets.find(handle, LOCAL, CLIENT, null));
        kit.export("/a 10.0.0.1(rw,no_auth_nlm)");
        files.failWith = Status.ACCES;
        assertThat(targets.find(handle, LOCAL, CLIENT, null).file().id()).isEqualTo(file);
        assertThat(files.failWith).as("nobody asked it").isNotNull();
        fails(Status.ACCES, () -> targets.find(handle, LOCAL, STRANGER, null));
        kit.export("/a 10.0.0.1(rw,insecure_locks,secure_locks)");
        fails(Status.ACCES, () -> targets.find(handle, LOCAL, CLIENT, null));
    }

    @Test
    void whoCannotUseAFileCannotLockIt() throws VfsException {
        fails(Status.ACCES, () -> NfsLockTargets.requireUse(granting(0, 4), file, ALICE));
        NfsLockTargets.requireUse(granting(0, 1000), file, ALICE);
        NfsLockTargets.requireUse(granting(FileSystem.ACCESS_READ, 4), file, ALICE);
        NfsLockTargets.requireUse(granting(FileSystem.ACCESS_MODIFY, 4), file, ALICE);
    }

    /** Its file system is closed when it is not used for a while, and opened again; locks do not depend on it. */
    @Test
    void aMountBelowAnExportIsServedWhenItsFilesAreAskedFor() throws VfsException {
        NfsKit crossed = new NfsKit("/srv *(rw,crossmnt,fsid=7)");
        crossed.mount(50, "/srv", "m");
        Resolver crossing = new Resolver(crossed.scopes, new AccessControl(log), () -> 4096, log);
        NfsLockTargets below = new NfsLockTargets(crossing);
        Export from = crossed.exports.get().byFsid(7).orElseThrow();
        Export mounted = crossed.exports.mountedOn(from, from.fileSystem().root(), NfsKit.bytes("m"));
        LockedFile root = new LockedFile(mounted.fsid(), mounted.fileSystem().root());
        byte[] rootHandle = crossed.handles.encode(root.fsid(), root.id());
        leaveUnused(crossed);
        assertThat(below.identify(rootHandle, LOCAL)).isEqualTo(root);
        assertThat(crossed.exports.get().implied()).isEmpty();
        assertThat(below.find(rootHandle, LOCAL, CLIENT, ALICE).file()).isEqualTo(root);
        assertThat(crossed.exports.get().implied()).hasSize(1);
        leaveUnused(crossed);
        below.describe(root, LOCAL);
        assertThat(crossed.exports.get().implied()).hasSize(1);
    }

    private static void leaveUnused(NfsKit kit) {
        kit.later = kit.later.plusMinutes(2);
        kit.exports.refresh();
        assertThat(kit.exports.get().implied()).isEmpty();
    }

    @Test
    void whatIsNotExportedAnyMoreCanBeReleased() throws VfsException {
        long fsid = fsid("/a");
        kit.export("/b 10.0.0.1(ro)");
        assertThat(targets.identify(handle, LOCAL)).isEqualTo(new LockedFile(fsid, file));
    }

    @Test
    void aFileIsFoundAgain() throws VfsException {
        LockedFile locked = new LockedFile(fsid("/a"), file);
        // The file system in memory has no locks: it was found, and asked.
        fails(Status.NOTSUPP, () -> targets.reopen(locked, LOCAL).open());
        fails(Status.JUKEBOX, () -> targets.reopen(new LockedFile(7, file), LOCAL));
        fails(Status.STALE, () -> targets.reopen(new LockedFile(8, file), LOCAL));
    }

    @Test
    void aServicesFilesAreLockedThroughItsAddress(@TempDir Path state) throws Exception {
        InetAddress address = NfsKit.address("10.0.0.50");
        Mooring data = kit.moor("data", address, state, "/data 10.0.0.1(rw)");
        fails(Status.JUKEBOX, () -> targets.find(handle, address, CLIENT, ALICE));
        fails(Status.JUKEBOX, () -> targets.identify(handle, address));
        fails(Status.JUKEBOX, () -> targets.reopen(new LockedFile(8, file), address));
        assertThat(targets.describe(new LockedFile(8, file), address)).isNull();
        data.take(new ServiceState(state, null, true));
        Scope scope = kit.scopes.taken(address);
        LockedFile locked =
                new LockedFile(scope.exports().get().exports().get(0).fsid(), create("/data"));
        byte[] moored = scope.handles().encode(locked.fsid(), locked.id());
        assertThat(targets.find(moored, address, CLIENT, ALICE).file()).isEqualTo(locked);
        assertThat(targets.identify(moored, address)).isEqualTo(locked);
        fails(Status.NOTSUPP, () -> targets.reopen(locked, address).open());
        fails(Status.ACCES, () -> targets.find(moored, LOCAL, CLIENT, ALICE));
        fails(Status.ACCES, () -> targets.identify(moored, LOCAL));
        fails(Status.ACCES, () -> targets.find(handle, address, CLIENT, ALICE));
        assertThat(targets.describe(locked, LOCAL)).isNull();
        data.release();
        fails(Status.JUKEBOX, () -> targets.find(moored, address, CLIENT, ALICE));
    }
}
