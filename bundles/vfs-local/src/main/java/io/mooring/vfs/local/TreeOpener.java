package io.mooring.vfs.local;

import io.mooring.posix.Capabilities;
import io.mooring.posix.Credentials;
import io.mooring.posix.Errno;
import io.mooring.posix.FileHandles;
import io.mooring.posix.PosixException;
import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens directory trees; refuses, with one sentence that says what to change, what could not be served well. Thread-safe. */
final class TreeOpener {
    private static final Logger LOG = LoggerFactory.getLogger(TreeOpener.class);

    private final DescriptorBudget budget;
    private final SecureRandom random = new SecureRandom();

    /** One for all trees: a thread that lost its identity in one lost it in all. */
    private final CallerIdentity callers = new CallerIdentity();

    /** What was said already: while a service waits for one tree its others are opened and closed again and again. */
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    TreeOpener(DescriptorBudget budget) {
        this.budget = budget;
    }

    Tree open(Path directory, FileSystemOptions options, LocalSettings settings) throws VfsException {
        Scratch scratch = Scratch.mine();
        Identity identity = identity();
        int root = openRoot(directory, scratch);
        SelfFd selfFd = null;
        try {
            selfFd = new SelfFd();
            return tree(directory, options, settings, new Opened(root, selfFd, identity), scratch);
        } catch (VfsException e) {
            if (selfFd != null) {
                selfFd.close();
            }
            PosixFiles.close(root);
            throw e;
        }
    }

    /** What is there before the tree is. */
    private record Opened(int root, SelfFd selfFd, Identity identity) {}

    private Tree tree(Path directory, FileSystemOptions options, LocalSettings settings, Opened opened, Scratch scratch)
            throws VfsException {
        int root = opened.root;
        int mount = FileHandles.nameToHandle(root, scratch.empty(), PosixFiles.AT_EMPTY_PATH, scratch);
        if (mount < 0) {
            throw new VfsException(
                    Failures.status(-mount),
                    directory + " cannot be exported: its file system ("
                            + FileSystemTypes.of(root, scratch) + ") gives no file handles (errno " + -mount
                            + "); use another one, or overlayfs with nfs_export=on");
        }
        FileIds ids = new FileIds(mount);
        FileId id = FileIds.read(scratch);
        Handles handles = handles(directory, settings, root, ids, scratch);
        WriteVerifier verifier = WriteVerifier.of(directory, random::nextLong);
        DescriptorCache cache = new DescriptorCache(handles, opened.selfFd, budget, verifier, System::nanoTime);
        AccessCheck access = new AccessCheck(opened.identity, System::currentTimeMillis);
        boolean ordered = FileSystemTypes.journalsInOrder(root, scratch);
        SyncPolicy sync = options.sync() ? new GroupCommit(new GroupSync(root), ordered, verifier) : SyncPolicy.NONE;
        String line = directory + ": objects are found " + handles.description();
        if (told.add(line)) {
            LOG.info(line);
        }
        return new Tree(id, root, ids, handles, cache, opened.selfFd, opened.identity, access, sync, verifier, null);
    }

    private static Handles handles(Path directory, LocalSettings settings, int root, FileIds ids, Scratch scratch)
            throws VfsException {
        FileId id = ids.opened(root, scratch);
        if (settings.forceIndex()) {
            return new IndexHandles(id, root, ids, settings);
        }
        KernelHandles kernel = new KernelHandles(root);
        int tried = kernel.open(id, scratch);
        if (tried == -Errno.EPERM || tried == -Errno.EOPNOTSUPP) {
            return new IndexHandles(id, root, ids, settings);
        }
        if (tried < 0) {
            throw new VfsException(Failures.status(-tried), directory + ": open_by_handle_at gives errno " + -tried);
        }
        PosixFiles.close(tried);
        return kernel;
    }

    /** A server that is neither root nor a plain user could not make the kernel check its callers. */
    private Identity identity() throws VfsException {
        int uid = Credentials.effectiveUid();
        long has;
        try {
            has = Capabilities.effective();
        } catch (PosixException e) {
            throw Failures.of(e.errno(), "capget");
        }
        if (uid == 0) {
            require(has, Capabilities.CAP_SETUID, "CAP_SETUID");
            require(has, Capabilities.CAP_SETGID, "CAP_SETGID");
            return callers;
        }
        refuse(has, Capabilities.CAP_DAC_OVERRIDE, "CAP_DAC_OVERRIDE");
        refuse(has, Capabilities.CAP_DAC_READ_SEARCH, "CAP_DAC_READ_SEARCH");
        refuse(has, Capabilities.CAP_FOWNER, "CAP_FOWNER");
        LOG.warn(
                "The server runs as uid {}: every access is that user's, whoever the caller is. Run it as root to have"
                        + " callers checked",
                uid);
        return new ServerIdentity(uid);
    }

    private static void require(long has, int capability, String name) throws VfsException {
        if ((has >> capability & 1) == 0) {
            throw new VfsException(
                    Status.PERM,
                    "the server runs as root but without " + name
                            + ", so that it cannot take its callers' identity: give it the capability, or run it as a plain user");
        }
    }

    private static void refuse(long has, int capability, String name) throws VfsException {
        if ((has >> capability & 1) != 0) {
            throw new VfsException(
                    Status.PERM,
                    "the server is not root but has " + name
                            + ", which would open every file to every caller: take the capability away, or run it as root");
        }
    }

    private static int openRoot(Path directory, Scratch scratch) throws VfsException {
        byte[] path = PathBytes.of(directory);
        if (path.length >= Scratch.PATH_MAX) {
            throw new VfsException(Status.NAMETOOLONG, directory + ": the path is too long");
        }
        int flags = PosixFiles.O_RDONLY | PosixFiles.O_DIRECTORY | PosixFiles.O_CLOEXEC;
        int root = PosixFiles.openat(PosixFiles.AT_FDCWD, scratch.name(path), flags, 0);
        if (root < 0) {
            throw new VfsException(
                    Failures.status(-root),
                    directory
                            + switch (-root) {
                                case Errno.ENOENT -> ": no such directory; make it, or correct the path";
                                case Errno.ENOTDIR -> " is not a directory";
                                case Errno.EACCES -> ": the server's user may not read it";
                                default -> " cannot be opened: errno " + -root;
                            });
        }
        return root;
    }
}
