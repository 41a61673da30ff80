package io.mooring.vfs.local;

import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.vfs.Attributes;
import io.mooring.vfs.Caller;
import io.mooring.vfs.Change;
import io.mooring.vfs.CommitResult;
import io.mooring.vfs.CreateMode;
import io.mooring.vfs.Created;
import io.mooring.vfs.DirectoryResult;
import io.mooring.vfs.DirectoryVisitor;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileLocks;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.FileTime;
import io.mooring.vfs.FileType;
import io.mooring.vfs.Found;
import io.mooring.vfs.Limits;
import io.mooring.vfs.LinkTarget;
import io.mooring.vfs.Linked;
import io.mooring.vfs.LockableFiles;
import io.mooring.vfs.NewAttributes;
import io.mooring.vfs.PosixAcls;
import io.mooring.vfs.ReadResult;
import io.mooring.vfs.Renamed;
import io.mooring.vfs.Space;
import io.mooring.vfs.Stability;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.WriteResult;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory tree of this host: passes operations on to those who do them, as long as it is open. Thread-safe. */
final class LocalFileSystem implements FileSystem, PosixAcls, LockableFiles {
    private static final Logger LOG = LoggerFactory.getLogger(LocalFileSystem.class);

    /** A disk that hangs must not hang whoever stops the bundle. */
    private static final int MAX_WAIT_SECONDS = 30;

    private final Tree tree;
    private final Gate gate;
    private final AttributeOperations attributes;
    private final AclOperations acls;
    private final NameOperations names;
    private final CreateOperations creation;
    private final DataOperations data;
    private final DirectoryListing listing;
    private final SpaceAndLimits space;
    private final LockOperations locks;

    LocalFileSystem(Tree tree, Runnable whenClosed) {
        this(tree, new Gate(() -> {
            tree.close();
            whenClosed.run();
        }));
    }

    private LocalFileSystem(Tree tree, Gate gate) {
        this.tree = tree;
        this.gate = gate;
        this.attributes = new AttributeOperations(tree);
        this.acls = new AclOperations(tree);
        this.names = new NameOperations(tree);
        this.creation = new CreateOperations(tree, attributes);
        this.data = new DataOperations(tree);
        this.listing = new DirectoryListing(tree);
        this.space = new SpaceAndLimits(tree);
        this.locks = new LockOperations(tree);
    }

    @FunctionalInterface
    private interface Operation<T> {
        T run() throws VfsException;
    }

    private <T> T run(Operation<T> operation) throws VfsException {
        gate.enter();
        try {
            return operation.run();
        } finally {
            gate.leave();
        }
    }

    @Override
    public FileId root() {
        return tree.root();
    }

    @Override
    public long writeVerifier() {
        return tree.verifier().value();
    }

    @Override
    public Attributes attributes(FileId id) throws VfsException {
        return run(() -> attributes.attributes(id));
    }

    @Override
    public Change setAttributes(Caller caller, FileId id, NewAttributes wanted, FileTime guard) throws VfsException {
        return run(() -> attributes.set(caller, id, wanted, guard));
    }

    @Override
    public Found lookup(Caller caller, FileId directory, byte[] name) throws VfsException {
        return run(() -> names.lookup(caller, directory, name));
    }

    @Override
    public long mountedOn(FileId directory, byte[] name) throws VfsException {
        return run(() -> names.mountedOn(directory, name));
    }

    @Override
    public Access access(Caller caller, FileId id, int wanted) throws VfsException {
        return run(() -> attributes.access(caller, id, wanted));
    }

    @Override
    public LinkTarget readLink(Caller caller, FileId link) throws VfsException {
        return run(() -> attributes.readLink(link));
    }

    @Override
    public ReadResult read(Caller caller, FileId file, long offset, ByteBuffer target) throws VfsException {
        return run(() -> data.read(caller, file, offset, target));
    }

    @Override
    public WriteResult write(Caller caller, FileId file, long offset, ByteBuffer[] source, Stability stability)
            throws VfsException {
        return run(() -> data.write(caller, file, offset, source, stability));
    }

    /** Anyone may: what was written with permission must not fail later, and flushing does no harm. */
    @Override
    public CommitResult commit(Caller caller, FileId file, long offset, int count) throws VfsException {
        return run(() -> data.commit(file));
    }

    @Override
    public Created create(Caller caller, FileId directory, byte[] name, CreateMode mode) throws VfsException {
        return run(() -> creation.create(caller, directory, name, mode));
    }

    @Override
    public Created makeDirectory(Caller caller, FileId directory, byte[] name, NewAttributes wanted)
            throws VfsException {
        return run(() -> creation.makeDirectory(caller, directory, name, wanted));
    }

    @Override
    public Created makeSymlink(Caller caller, FileId directory, byte[] name, byte[] target, NewAttributes wanted)
            throws VfsException {
        return run(() -> creation.makeSymlink(caller, directory, name, target, wanted));
    }

    @Override
    public Created makeNode(
            Caller caller,
            FileId directory,
            byte[] name,
            FileType type,
            int rdevMajor,
            int rdevMinor,
            NewAttributes wanted)
            throws VfsException {
        CreateOperations.Node node = new CreateOperations.Node(type, rdevMajor, rdevMinor);
        return run(() -> creation.makeNode(caller, directory, name, node, wanted));
    }

    @Override
    public Change remove(Caller caller, FileId directory, byte[] name) throws VfsException {
        return run(() -> names.remove(caller, directory, name));
    }

    @Override
    public Change removeDirectory(Caller caller, FileId directory, byte[] name) throws VfsException {
        return run(() -> names.removeDirectory(caller, directory, name));
    }

    @Override
    public Renamed rename(Caller caller, FileId fromDirectory, byte[] from, FileId toDirectory, byte[] to)
            throws VfsException {
        return run(() -> names.rename(caller, fromDirectory, from, toDirectory, to));
    }

    @Override
    public Linked link(Caller caller, FileId file, FileId directory, byte[] name) throws VfsException {
        return run(() -> names.link(caller, file, directory, name));
    }

    @Override
    public DirectoryResult list(
            Caller caller, FileId directory, long cookie, long cookieVerifier, DirectoryVisitor visitor)
            throws VfsException {
        return run(() -> listing.list(caller, directory, cookie, cookieVerifier, visitor));
    }

    @Override
    public Space space(FileId id) throws VfsException {
        return run(() -> space.space(id));
    }

    @Override
    public Limits limits(FileId id) throws VfsException {
        return run(() -> space.limits(id));
    }

    @Override
    public void sync() throws VfsException {
        run(() -> {
            int result = PosixFiles.syncfs(tree.rootDescriptor());
            if (result < 0) {
                tree.verifier().renew("sync of a file system", -result);
            }
            return Failures.check(result, "syncfs");
        });
    }

    @Override
    public void sync(FileId changed) throws VfsException {
        run(() -> {
            try (OpenObject object = tree.open(changed, Scratch.mine())) {
                tree.sync().metadata(object);
            }
            return null;
        });
    }

    @Override
    public FileSystem witnessedBy(Witness witness) {
        return new LocalFileSystem(tree.witnessedBy(witness), gate);
    }

    @Override
    public Acls acls(FileId id) throws VfsException {
        return run(() -> acls.get(id));
    }

    @Override
    public Change setAcls(Caller caller, FileId id, Setting access, Setting defaults) throws VfsException {
        return run(() -> acls.set(caller, id, access, defaults));
    }

    @Override
    public FileLocks openLocks(FileId file) throws VfsException {
        return run(() -> locks.open(file));
    }

    @Override
    public String path(FileId file) throws VfsException {
        return run(() -> locks.path(file));
    }

    /** Closes descriptors that were not used for so long. */
    void closeIdle(long nanos) throws VfsException {
        run(() -> {
            tree.cache().closeIdle(nanos, Scratch.mine());
            return null;
        });
    }

    @Override
    public void close() {
        if (!gate.close(MAX_WAIT_SECONDS)) {
            LOG.warn("Operations still run after {} s; the last one will close the descriptors", MAX_WAIT_SECONDS);
        }
    }
}
