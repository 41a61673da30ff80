package io.mooring.itests.lab;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Keeps the guest tree between runs, one for each recipe, in {@code MOORING_LAB_CACHE} (environment), {@code mooring.lab.cache}
 * (system property) or {@code ~/.cache/mooring-lab}. A tree is made in a directory of its own and appears by a rename, so that a
 * half-made one is never used. Safe for several processes: they take a lock on a file.
 */
final class LabRootfsCache {

    private static final Duration KEEP_UNUSED = Duration.ofDays(14);
    private static final Pattern TREE = Pattern.compile("tree-[0-9a-f]{12}");
    private static final Pattern UNFINISHED = Pattern.compile("making-[0-9]+");

    private final Path directory;

    LabRootfsCache(Path directory) {
        this.directory = directory;
    }

    /** @param fallback where to keep trees when the usual place cannot be written */
    static LabRootfsCache usual(Path fallback) {
        String named = System.getenv("MOORING_LAB_CACHE");
        if (named == null) {
            named = System.getProperty("mooring.lab.cache");
        }
        Path place = named != null
                ? Path.of(named).toAbsolutePath()
                : Path.of(System.getProperty("user.home"), ".cache", "mooring-lab");
        try {
            Files.createDirectories(place);
            return new LabRootfsCache(Files.isWritable(place) ? place : fallback);
        } catch (IOException e) {
            return new LabRootfsCache(fallback);
        }
    }

    /** The tree of this recipe, made first when it is not there. */
    LabRootfs tree() {
        Path tree = directory.resolve("tree-" + LabRootfsRecipe.stamp());
        if (tree.toString().chars().anyMatch(c -> c == ',' || Character.isWhitespace(c))) {
            throw new LabException("the kernel's command line cannot name " + tree + ": set MOORING_LAB_CACHE");
        }
        try {
            Files.createDirectories(directory);
            try (FileChannel channel = FileChannel.open(
                            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (!lock.isValid()) {
                    throw new LabException("lost the lock on " + directory);
                }
                if (!Files.isDirectory(tree)) {
                    make(tree);
                }
                Files.setLastModifiedTime(tree, FileTime.from(Instant.now()));
                removeOld();
            }
            return LabRootfs.at(tree);
        } catch (IOException e) {
            throw new LabException("the lab's cache " + directory + " cannot be used: " + e.getMessage(), e);
        }
    }

    private void make(Path tree) throws IOException {
        Path unfinished = directory.resolve("making-" + ProcessHandle.current().pid());
        remove(unfinished);
        Files.createDirectory(unfinished);
        try {
            LabRootfsRecipe.make(unfinished);
            Files.move(unfinished, tree, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            remove(unfinished);
        }
    }

    /** Called with the lock held, so whatever is unfinished was left by a process that died. */
    private void removeOld() throws IOException {
        Instant limit = Instant.now().minus(KEEP_UNUSED);
        for (Path entry : entries()) {
            String name = entry.getFileName().toString();
            Matcher matcher = TREE.matcher(name);
            boolean old = matcher.matches()
                    && Files.getLastModifiedTime(entry).toInstant().isBefore(limit);
            if (old || UNFINISHED.matcher(name).matches()) {
                remove(entry);
            }
        }
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    /** One file system only: debootstrap that was killed may have left proc mounted in its tree. */
    private static void remove(Path path) {
        if (Files.exists(path)) {
            HostCommand.of("umount", path + "/root/proc").run();
            HostCommand.of("umount", path + "/root/sys").run();
            HostCommand.of("rm", "-rf", "--one-file-system", path.toString())
                    .within(Duration.ofMinutes(2))
                    .run();
        }
    }
}
