package io.mooring.nfsd.internal.exports;

import io.mooring.nfsd.internal.exports.ParsedExports.Problem;
import io.mooring.vfs.VfsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A dry run: what would be wrong with exports files. Serves nothing, changes nothing. Thread-safe: immutable. */
public final class ExportsCheck {
    /** Longer than any exports file, short enough to be read by whoever may use the console. */
    private static final int MAX_BYTES = 4 << 20;

    private final ExportPaths paths;
    private final Claims claims;

    public ExportsCheck(ExportPaths paths, Claims claims) {
        this.paths = paths;
        this.claims = claims;
    }

    /** Those of the configuration, read as they are when they are served: either may be missing. */
    public List<Problem> configured(Path file, Path directory) {
        try {
            return check(ExportsFiles.paths(file, directory), false);
        } catch (IOException e) {
            return List.of(problem(directory, "cannot be listed: " + e));
        }
    }

    /**
     * Files that somebody names. Problems quote what is in a file, and the server may read everything: so only those are
     * read whose real name says that they are exports files.
     */
    public List<Problem> files(List<Path> files) {
        return check(files, true);
    }

    private List<Problem> check(List<Path> files, boolean named) {
        List<Problem> problems = new ArrayList<>();
        ExportsParser parser = new ExportsParser();
        for (Path file : files) {
            try {
                parser.add(file.toString(), read(named ? exportsFile(file) : file));
            } catch (NoSuchFileException e) {
                problems.add(problem(file, "there is no such file"));
            } catch (IOException e) {
                problems.add(problem(file, "cannot be read: " + e.getMessage()));
            } catch (IllegalArgumentException e) {
                problems.add(problem(file, e.getMessage()));
            }
        }
        ParsedExports parsed = parser.build();
        problems.addAll(parsed.problems());
        parsed.definitions().stream().flatMap(this::unserved).forEach(problems::add);
        List<String> order = files.stream().map(Path::toString).toList();
        problems.sort(Comparator.comparingInt((Problem problem) -> order.indexOf(problem.file()))
                .thenComparingInt(Problem::line));
        return problems;
    }

    private static Problem problem(Path file, String message) {
        return new Problem(file + ":0", message);
    }

    private static Path exportsFile(Path file) throws IOException {
        Path real = file.toRealPath();
        String name = String.valueOf(real.getFileName());
        if (!name.equals("exports") && !name.endsWith(".exports")) {
            throw new IllegalArgumentException("is not read: an exports file is named 'exports' or '*.exports'");
        }
        if (!Files.isRegularFile(real)) {
            throw new IllegalArgumentException("is no regular file");
        }
        return real;
    }

    private static String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IllegalArgumentException("is longer than " + MAX_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private Stream<Problem> unserved(ExportDefinition definition) {
        try {
            String refusal = paths.refusal(definition.path());
            if (refusal == null) {
                refusal = claims.refusal(definition);
            }
            if (refusal != null) {
                return Stream.of(definition.problem(refusal));
            }
            paths.open(definition).close();
            return Stream.empty();
        } catch (VfsException e) {
            return Stream.of(definition.problem(definition.path() + " cannot be served: " + e.getMessage()));
        }
    }
}
