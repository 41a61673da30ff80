package io.mooring.vfs.local;

import io.mooring.posix.PosixFiles;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.MountPoint;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open trees of a provider: they share a budget of descriptors, and a thread that closes idle ones. Thread-safe. */
final class LocalFileSystems implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalFileSystems.class);

    private static final int FEWEST_DESCRIPTORS = 64;
    private static final int TOO_FEW_DESCRIPTORS = 4096;

    private volatile LocalSettings settings;
    private final DescriptorBudget budget;
    private final TreeOpener opener;
    private final Set<LocalFileSystem> open = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService sweeper;
    private final ScheduledFuture<?> sweep;

    LocalFileSystems(LocalSettings settings) {
        this.settings = settings;
        this.budget = new DescriptorBudget(settings.maxDescriptors());
        this.opener = new TreeOpener(budget);
        this.sweeper = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "mooring-vfs-idle-descriptors");
            thread.setDaemon(true);
            return thread;
        });
        sweep = sweeper.scheduleWithFixedDelay(this::closeIdle, 1, 1, TimeUnit.SECONDS);
    }

    /** Applies to open trees, too, but for how their objects are found. */
    void configure(LocalSettings changed) {
        settings = changed;
        budget.setMax(changed.maxDescriptors());
    }

    /** The setting, or half of what the process may open; a limit that is too small is named. */
    static int descriptors(int setting) {
        long limit = PosixFiles.descriptorLimit();
        // The other half is for connections and for whatever else a process opens.
        long enough = Math.max(TOO_FEW_DESCRIPTORS, 2L * setting);
        if (limit < enough) {
            LOG.warn("This process may open {} files only: raise 'ulimit -n' to {} or more", limit, enough);
        }
        if (setting > 0) {
            return setting;
        }
        return (int) Math.max(FEWEST_DESCRIPTORS, Math.min(limit / 2, Integer.MAX_VALUE / 2));
    }

    LocalFileSystem open(Path root, FileSystemOptions options) throws VfsException {
        return served(tree(root, options));
    }

    /** Opens what is mounted there, if it is still this one. */
    LocalFileSystem open(MountPoint mount, FileSystemOptions options) throws VfsException {
        Tree tree = tree(mount.path(), options);
        if (tree.ids().mountId() != mount.id()) {
            tree.close();
            throw new VfsException(Status.NOENT, mount.path() + " is another mount meanwhile");
        }
        return served(tree);
    }

    private Tree tree(Path root, FileSystemOptions options) throws VfsException {
        if (sweeper.isShutdown()) {
            throw new VfsException(Status.STALE, "the provider of local file systems has stopped");
        }
        return opener.open(root, options, settings);
    }

    private LocalFileSystem served(Tree tree) {
        LocalFileSystem[] self = new LocalFileSystem[1];
        LocalFileSystem fileSystem = new LocalFileSystem(tree, () -> open.remove(self[0]));
        self[0] = fileSystem;
        open.add(fileSystem);
        return fileSystem;
    }

    private void closeIdle() {
        long idle = TimeUnit.SECONDS.toNanos(settings.descriptorIdleSeconds());
        for (LocalFileSystem fileSystem : open) {
            try {
                fileSystem.closeIdle(idle);
            } catch (VfsException e) {
                LOG.debug("{} closed meanwhile", fileSystem, e);
            } catch (RuntimeException e) {
                LOG.error("Closing idle descriptors failed", e);
            }
        }
    }

    /** Closes all that are open. */
    @Override
    public void close() {
        sweep.cancel(false);
        sweeper.shutdown();
        open.forEach(LocalFileSystem::close);
    }
}
