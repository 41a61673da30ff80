package io.mooring.nfsd.internal.exports;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exports files, and when they change: the file itself, then those of the directory that end in ".exports", by name.
 * Either may be missing. Used by one thread at a time.
 */
public final class ExportsFiles {
    private static final Logger LOG = LoggerFactory.getLogger(ExportsFiles.class);

    private final Path file;
    private final Path directory;
    private final Exports exports;
    private List<Stamp> applied = List.of();
    private List<Stamp> seen = List.of();
    private String lastError = "";

    public ExportsFiles(Path file, Path directory, Exports exports) {
        this.file = file;
        this.directory = directory;
        this.exports = exports;
    }

    /** By what a change is seen. */
    private record Stamp(Path path, FileTime modified, long size, Object key) {}

    /** Reads and applies them now. */
    public void load() {
        guarded(() -> apply(stamps()));
    }

    /**
     * Applies them where they changed, once they were the same twice in a row: an editor may still be writing. Else looks
     * whether directories came, or were replaced.
     */
    public void poll() {
        guarded(() -> {
            List<Stamp> now = stamps();
            if (now.equals(applied)) {
                exports.refresh();
            } else if (now.equals(seen)) {
                apply(now);
            }
            seen = now;
        });
    }

    private interface Action {
        void run() throws IOException;
    }

    /** Files that cannot be read change nothing: what is served goes on. */
    private void guarded(Action action) {
        try {
            action.run();
            lastError = "";
        } catch (IOException e) {
            if (!lastError.equals(e.toString())) {
                LOG.error("exports: cannot be read, the exports stay as they are: {}", e.toString());
            }
            lastError = e.toString();
        }
    }

    private void apply(List<Stamp> stamps) throws IOException {
        ExportsParser parser = new ExportsParser();
        for (Stamp stamp : stamps) {
            String text = new String(Files.readAllBytes(stamp.path()), StandardCharsets.UTF_8);
            parser.add(stamp.path().toString(), text);
        }
        exports.reconcile(parser.build());
        applied = stamps;
        seen = stamps;
        if (exports.get().exports().isEmpty()) {
            LOG.warn("exports: nothing is served; name directories in {} or {}", file, directory.resolve("*.exports"));
        }
    }

    private List<Stamp> stamps() throws IOException {
        List<Stamp> stamps = new ArrayList<>();
        for (Path path : paths(file, directory)) {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            stamps.add(new Stamp(path, attributes.lastModifiedTime(), attributes.size(), attributes.fileKey()));
        }
        return stamps;
    }

    /** Those that there are now, in the order in which they are read. */
    public static List<Path> paths(Path file, Path directory) throws IOException {
        List<Path> paths = new ArrayList<>();
        if (Files.exists(file)) {
            paths.add(file);
        }
        if (Files.isDirectory(directory)) {
            List<Path> more = new ArrayList<>();
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, "[!.]*.exports")) {
                stream.forEach(more::add);
            }
            more.sort(null);
            paths.addAll(more);
        }
        return paths;
    }
}
