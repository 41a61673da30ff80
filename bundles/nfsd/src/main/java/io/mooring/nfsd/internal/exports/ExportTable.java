package io.mooring.nfsd.internal.exports;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All exports at one time. Immutable. */
public final class ExportTable {
    public static final ExportTable EMPTY = new ExportTable(List.of(), List.of(), List.of(), List.of());

    private final List<Export> exports;
    private final List<Export> implied;
    private final List<Unavailable> unavailable;
    private final List<ParsedExports.Problem> problems;
    private final Map<Long, Export> byFsid = new HashMap<>();

    ExportTable(
            List<Export> exports,
            List<Export> implied,
            List<Unavailable> unavailable,
            List<ParsedExports.Problem> problems) {
        this.exports = List.copyOf(exports);
        this.implied = List.copyOf(implied);
        this.unavailable = List.copyOf(unavailable);
        this.problems = List.copyOf(problems);
        implied.forEach(export -> byFsid.put(export.fsid(), export));
        exports.forEach(export -> byFsid.put(export.fsid(), export));
    }

    ExportTable withImplied(List<Export> others) {
        return new ExportTable(exports, others, unavailable, problems);
    }

    /** An export that is wanted and cannot be served now. */
    public record Unavailable(ExportDefinition definition, String reason) {}

    /** Those of the exports files. */
    public List<Export> exports() {
        return exports;
    }

    /** Those that the option crossmnt implies, and that are in use. */
    public List<Export> implied() {
        return implied;
    }

    /** Both. */
    Stream<Export> all() {
        return Stream.concat(exports.stream(), implied.stream());
    }

    public List<Unavailable> unavailable() {
        return unavailable;
    }

    public List<ParsedExports.Problem> problems() {
        return problems;
    }

    public Optional<Export> byFsid(long fsid) {
        return Optional.ofNullable(byFsid.get(fsid));
    }

    /**
     * Whether an export is wanted, but not there yet; where a line is wrong, it may be about any, and one that crosses mounts
     * may imply any.
     */
    public boolean isAwaited(long fsid) {
        return !problems.isEmpty()
                || unavailable.stream()
                        .map(Unavailable::definition)
                        .anyMatch(missing -> missing.fsid() == fsid || missing.crossesMounts());
    }

    /** The export that a path is in: the innermost one, also when that is not to be had now, or its line is wrong. */
    public Optional<Covering> covering(String path) {
        Stream<Covering> served =
                exports.stream().map(e -> new Covering(e.definition().path(), e, null));
        Stream<Covering> missing = unavailable.stream()
                .map(u -> new Covering(u.definition().path(), null, "its export cannot be opened now"));
        Stream<Covering> refused =
                problems.stream().filter(p -> p.path() != null).map(p -> new Covering(p.path(), null, null));
        return Stream.of(served, missing, refused)
                .flatMap(each -> each)
                .filter(candidate -> candidate.contains(path))
                .reduce((best, other) -> other.length() > best.length() ? other : best);
    }

    /**
     * An export that a path is in.
     *
     * @param export null where it is not served
     * @param awaited why it is not served yet; null: its line is wrong
     */
    public record Covering(Path path, Export export, String awaited) {
        private boolean contains(String other) {
            String mine = path.toString();
            return other.equals(mine) || mine.equals("/") || other.startsWith(mine + "/");
        }

        private int length() {
            return path.toString().length();
        }
    }
}
