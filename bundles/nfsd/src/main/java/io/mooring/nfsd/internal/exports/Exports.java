package io.mooring.nfsd.internal.exports;

import io.mooring.nfsd.internal.exports.ExportTable.Unavailable;
import io.mooring.nfsd.internal.exports.ParsedExports.Problem;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.FileSystemProvider;
import io.mooring.vfs.VfsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the exports that are served in line with those that are wanted, and owns their file systems. Thread-safe: one
 * change at a time; readers take the current {@link ExportTable}.
 */
public final class Exports implements Supplier<ExportTable>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Exports.class);

    private final FileSystemProvider provider;
    private final HostNames names;
    private final LongSupplier nanoClock;

    /** What was said already, so that it is said once. */
    private final Set<String> reported = new HashSet<>();

    private volatile ExportTable table = ExportTable.EMPTY;
    private ParsedExports wanted = ParsedExports.NONE;
    private boolean closed;

    public Exports(FileSystemProvider provider, HostNames names, LongSupplier nanoClock) {
        this.provider = provider;
        this.names = names;
        this.nanoClock = nanoClock;
    }

    @Override
    public ExportTable get() {
        return table;
    }

    /** Opens what is new, closes what is gone, and leaves everything else untouched. */
    public synchronized void reconcile(ParsedExports parsed) {
        if (closed) {
            return;
        }
        wanted = parsed;
        List<ExportDefinition> definitions = wholeDefinitions(parsed);
        List<Export> exports = new ArrayList<>();
        List<Unavailable> unavailable = new ArrayList<>();
        for (ExportDefinition definition : definitions) {
            try {
                exports.add(open(definition));
            } catch (VfsException e) {
                unavailable.add(new Unavailable(definition, e.getMessage()));
            }
        }
        ExportTable before = table;
        table = new ExportTable(exports, unavailable, parsed.problems());
        closeUnused(before, exports);
        report(before);
    }

    /**
     * What is to be served. An export with a wrong line goes on as it was, until the line is right: without that line its
     * clients would fall to a broader one, and where it was the only one a slip would make their handles stale.
     */
    private List<ExportDefinition> wholeDefinitions(ParsedExports parsed) {
        List<ExportDefinition> whole = new ArrayList<>();
        Set<Long> fsids = new HashSet<>();
        for (ExportDefinition definition : parsed.definitions()) {
            if (!parsed.isBroken(definition.path()) && fsids.add(definition.fsid())) {
                whole.add(definition);
            }
        }
        for (Export export : table.exports()) {
            ExportDefinition before = export.definition();
            if (parsed.isBroken(before.path()) && fsids.add(before.fsid())) {
                whole.add(before);
            }
        }
        return whole;
    }

    /** Tries those again that could not be served, and opens those again whose path is another directory now. */
    public synchronized void refresh() {
        boolean replaced = table.exports().stream().anyMatch(Exports::isReplaced);
        if (replaced || !table.unavailable().isEmpty()) {
            reconcile(wanted);
        }
    }

    private Export open(ExportDefinition definition) throws VfsException {
        Export before = table.byFsid(definition.fsid()).orElse(null);
        if (before == null
                || !before.definition().path().equals(definition.path())
                || before.definition().sync() != definition.sync()
                || isReplaced(before)) {
            Object directory = directory(definition.path());
            FileSystem opened = provider.open(definition.path(), new FileSystemOptions(definition.sync()));
            return new Export(definition, new Export.Opened(opened, directory), names, nanoClock);
        }
        return before.definition().equals(definition)
                ? before
                : new Export(definition, before.opened(), names, nanoClock);
    }

    /** Whether something was mounted on the path, or it was made anew; one that is gone for now is left as it is. */
    private static boolean isReplaced(Export export) {
        Object now = directory(export.definition().path());
        return now != null && !now.equals(export.opened().directory());
    }

    private static Object directory(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    private static void closeUnused(ExportTable before, List<Export> now) {
        Set<FileSystem> used = Collections.newSetFromMap(new IdentityHashMap<>());
        now.forEach(export -> used.add(export.fileSystem()));
        for (Export export : before.exports()) {
            if (!used.contains(export.fileSystem())) {
                export.fileSystem().close();
            }
        }
    }

    private void report(ExportTable before) {
        Set<String> current = new HashSet<>();
        for (Problem problem : table.problems()) {
            boolean goesOn = problem.path() != null
                    && table.exports().stream()
                            .anyMatch(e -> e.definition().path().equals(problem.path()));
            current.add("exports: " + problem + (goesOn ? "; it is served as before" : "; this line is not served"));
        }
        for (Unavailable missing : table.unavailable()) {
            ExportDefinition definition = missing.definition();
            current.add("exports: " + definition.rules().get(0).origin() + ": " + definition.path() + " is not served: "
                    + missing.reason());
        }
        reported.retainAll(current);
        current.stream().filter(reported::add).sorted().forEach(LOG::error);
        table.exports().stream()
                .filter(export -> before.byFsid(export.fsid()).isEmpty())
                .forEach(export ->
                        LOG.info("exports: {} is served", export.definition().path()));
        before.exports().stream()
                .filter(export -> table.byFsid(export.fsid()).isEmpty())
                .forEach(export -> LOG.info(
                        "exports: {} is no longer served", export.definition().path()));
    }

    @Override
    public synchronized void close() {
        closed = true;
        ExportTable before = table;
        table = ExportTable.EMPTY;
        closeUnused(before, List.of());
    }
}
