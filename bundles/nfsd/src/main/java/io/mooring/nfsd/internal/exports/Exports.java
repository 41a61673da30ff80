package io.mooring.nfsd.internal.exports;

import io.mooring.nfsd.internal.exports.ExportTable.Unavailable;
import io.mooring.nfsd.internal.exports.ParsedExports.Problem;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the exports that are served in line with those that are wanted, and owns their file systems. Thread-safe: one
 * change at a time; readers take the current {@link ExportTable}.
 */
public final class Exports implements Supplier<ExportTable>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Exports.class);

    private final ExportPaths paths;
    private final Claims claims;
    private final HostNames names;
    private final LongSupplier nanoClock;
    private final MountedExports mounted;

    /** What was said already, so that it is said once. */
    private final Set<String> reported = new HashSet<>();

    private volatile ExportTable table = ExportTable.EMPTY;
    private ParsedExports wanted = ParsedExports.NONE;
    private boolean claimed;
    private boolean closed;

    /** Of a service, or where there are none. */
    public Exports(ExportPaths paths, HostNames names, LongSupplier nanoClock) {
        this(paths, Claims.NONE, names, nanoClock);
    }

    /** Of the exports files, which lose where a service wants the same. */
    public Exports(ExportPaths paths, Claims claims, HostNames names, LongSupplier nanoClock) {
        this.paths = paths;
        this.claims = claims;
        this.names = names;
        this.nanoClock = nanoClock;
        this.mounted = new MountedExports(paths, names, nanoClock);
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
        List<Problem> problems = new ArrayList<>(parsed.problems());
        claimed = false;
        for (ExportDefinition definition : definitions) {
            try {
                String refusal = refusal(definition);
                if (refusal == null) {
                    exports.add(open(definition));
                } else {
                    problems.add(definition.problem(refusal));
                }
            } catch (VfsException e) {
                unavailable.add(new Unavailable(definition, e.getMessage()));
            }
        }
        publish(new ExportTable(exports, table.implied(), unavailable, problems));
    }

    private String refusal(ExportDefinition definition) throws VfsException {
        String refusal = paths.refusal(definition.path());
        if (refusal == null) {
            refusal = claims.refusal(definition);
            claimed |= refusal != null;
        }
        return refusal;
    }

    /** What services claim has changed: looks again whether all may be served. */
    public synchronized void review() {
        reconcile(wanted);
    }

    /**
     * Opens exactly these: all or none. Says nothing of those that cannot be, as it may be tried again and again.
     *
     * @throws VfsException why one cannot be served; then none is open
     */
    public synchronized void openAll(List<ExportDefinition> definitions) throws VfsException {
        if (closed) {
            throw new VfsException(Status.STALE, "the exports are closed");
        }
        List<Export> exports = new ArrayList<>();
        boolean all = false;
        try {
            for (ExportDefinition definition : definitions) {
                String refusal = refusal(definition);
                if (refusal != null) {
                    throw new VfsException(Status.ACCES, refusal);
                }
                exports.add(open(definition));
            }
            all = true;
        } finally {
            if (!all) {
                exports.forEach(export -> export.fileSystem().close());
            }
        }
        publish(new ExportTable(exports, List.of(), List.of(), List.of()));
    }

    /** Makes this the table, with those of its implied exports that are still right. */
    private void publish(ExportTable next) {
        ExportTable before = table;
        table = next.withImplied(remaining(next));
        closeUnused(before, table);
        report(before);
    }

    private List<Export> remaining(ExportTable next) {
        try {
            return mounted.remaining(next);
        } catch (VfsException e) {
            LOG.warn("exports: what crossmnt implies is given up: {}", e.getMessage());
            return List.of();
        }
    }

    /**
     * The export of what is mounted on a name in the tree of another one, which must have crossmnt for the client.
     *
     * @throws VfsException JUKEBOX where it is awaited; else it cannot be had, and the message says why
     */
    public Export mountedOn(Export from, FileId directory, byte[] name) throws VfsException {
        try {
            return byMount(from.fileSystem().mountedOn(directory, name));
        } catch (VfsException e) {
            if (e.status() != Status.NOENT) {
                throw e;
            }
            // Something else was mounted there meanwhile, as automounters do when a path is opened.
            return byMount(from.fileSystem().mountedOn(directory, name));
        }
    }

    private Export byMount(long mount) throws VfsException {
        for (Export known : table.implied()) {
            if (known.opened().mount().id() == mount) {
                return known;
            }
        }
        synchronized (this) {
            return serve(mounted.of(table, mount));
        }
    }

    /** The export with that fsid which crossmnt implies; it may have to be opened first. */
    public Optional<Export> implied(long fsid) throws VfsException {
        if (table.exports().stream().noneMatch(e -> e.definition().crossesMounts())) {
            return Optional.empty();
        }
        synchronized (this) {
            Optional<Export> found = mounted.find(table, fsid);
            return found.isPresent() ? Optional.of(serve(found.get())) : found;
        }
    }

    private Export serve(Export found) throws VfsException {
        if (closed) {
            found.fileSystem().close();
            throw new VfsException(Status.STALE, "the exports are closed");
        }
        if (table.all().noneMatch(known -> known == found)) {
            List<Export> others = table.implied().stream()
                    .filter(known -> known.fsid() != found.fsid())
                    .collect(Collectors.toCollection(ArrayList::new));
            others.add(found);
            ExportTable before = table;
            table = table.withImplied(others);
            closeUnused(before, table);
        }
        return found;
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

    /**
     * Tries those again that could not be served, opens those again whose path is another directory now, and closes those
     * implied ones that are unmounted or not used.
     */
    public synchronized void refresh() {
        boolean replaced = table.exports().stream().anyMatch(this::isReplaced);
        if (replaced || claimed || !table.unavailable().isEmpty()) {
            reconcile(wanted);
        } else {
            tidy();
        }
    }

    /** Closes those implied ones that are unmounted or not used. */
    public synchronized void tidy() {
        if (!table.implied().isEmpty()) {
            publish(table);
        }
    }

    /**
     * Brings what was written in any of them to stable storage.
     *
     * @throws VfsException naming the first that failed; all were tried
     */
    public void sync() throws VfsException {
        VfsException first = null;
        for (Export export : table.all().toList()) {
            try {
                export.fileSystem().sync();
            } catch (VfsException e) {
                String failure = export.definition().path() + ": " + e.getMessage();
                first = first == null ? new VfsException(e.status(), failure) : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private Export open(ExportDefinition definition) throws VfsException {
        Export before = table.byFsid(definition.fsid()).orElse(null);
        if (before == null
                || !before.definition().path().equals(definition.path())
                || before.opened().mount() != null
                || before.definition().sync() != definition.sync()
                || isReplaced(before)) {
            Object directory = paths.directory(definition.path());
            FileSystem opened = paths.open(definition);
            return new Export(definition, new Export.Opened(opened, directory, null), names, nanoClock);
        }
        return before.as(definition);
    }

    /** Whether something was mounted on the path, or it was made anew; one that is gone for now is left as it is. */
    private boolean isReplaced(Export export) {
        Object now = paths.directory(export.definition().path());
        return now != null && !now.equals(export.opened().directory());
    }

    private static void closeUnused(ExportTable before, ExportTable now) {
        Set<FileSystem> used = Collections.newSetFromMap(new IdentityHashMap<>());
        now.all().forEach(export -> used.add(export.fileSystem()));
        before.all()
                .map(Export::fileSystem)
                .filter(each -> !used.contains(each))
                .forEach(FileSystem::close);
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
        closeUnused(before, table);
    }
}
