package io.mooring.nfsd.internal.exports;

import io.mooring.nfsd.internal.exports.ExportDefinition.Rule;
import io.mooring.nfsd.internal.exports.ExportsLines.Line;
import io.mooring.nfsd.internal.exports.ParsedExports.Problem;
import io.mooring.nfsd.internal.wire.Mount3;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads exports(5) files. A line with an error is left out as a whole, the others are served. Used by one thread. */
public final class ExportsParser {
    private final Map<Path, List<Rule>> rules = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    /**
     * Adds a file.
     *
     * @param name for messages
     */
    public ExportsParser add(String name, String text) {
        for (Line line : ExportsLines.of(text)) {
            String origin = name + ":" + line.number();
            Path path = null;
            try {
                path = path(line.words().get(0));
                addLine(origin, path, line.words());
            } catch (IllegalArgumentException e) {
                problems.add(new Problem(origin, e.getMessage(), path));
            }
        }
        return this;
    }

    /** Everything that was added, with what is wrong between lines. */
    public ParsedExports build() {
        Map<Long, Path> owners = new HashMap<>();
        List<ExportDefinition> definitions = new ArrayList<>();
        rules.forEach((path, ofPath) -> {
            String origin = ofPath.get(0).origin();
            try {
                long fsid = fsid(path, ofPath);
                Path owner = owners.putIfAbsent(fsid, path);
                if (owner != null) {
                    throw new IllegalArgumentException("export " + path + " has the same fsid as " + owner
                            + ": give one of them another by fsid=");
                }
                ofPath.sort(Comparator.comparingInt(rule -> rule.client().rank()));
                definitions.add(new ExportDefinition(path, fsid, ofPath));
            } catch (IllegalArgumentException e) {
                problems.add(new Problem(origin, e.getMessage(), path));
            }
        });
        return new ParsedExports(definitions, problems);
    }

    private static long fsid(Path path, List<Rule> rules) {
        List<Long> given = rules.stream()
                .map(rule -> rule.options().fsid())
                .filter(fsid -> fsid != null)
                .distinct()
                .toList();
        if (given.size() > 1) {
            throw new IllegalArgumentException("export " + path + " has different fsids for different clients");
        }
        return given.isEmpty() ? ExportDefinition.defaultFsid(path) : given.get(0);
    }

    private void addLine(String origin, Path path, List<String> words) {
        ExportOptions defaults = ExportOptions.DEFAULTS;
        List<Rule> ofLine = new ArrayList<>();
        for (String word : words.subList(1, words.size())) {
            if (word.startsWith("-")) {
                defaults = ExportOptions.DEFAULTS.with(split(word.substring(1)));
            } else {
                ofLine.add(rule(origin, word, defaults));
            }
        }
        if (ofLine.isEmpty()) {
            ofLine.add(new Rule(new ClientPattern.Anyone(), defaults, origin));
        }
        refuseDuplicates(path, ofLine);
        rules.computeIfAbsent(path, p -> new ArrayList<>()).addAll(ofLine);
    }

    private void refuseDuplicates(Path path, List<Rule> ofLine) {
        Map<String, String> origins = new HashMap<>();
        rules.getOrDefault(path, List.of())
                .forEach(rule -> origins.put(rule.client().text(), rule.origin()));
        for (Rule rule : ofLine) {
            String client = rule.client().text();
            String other = origins.putIfAbsent(client, rule.origin());
            if (other != null) {
                throw new IllegalArgumentException(
                        "export " + path + " names the client '" + client + "' twice (also at " + other + ")");
            }
        }
    }

    /** {@code client(option,option)}. */
    private static Rule rule(String origin, String word, ExportOptions defaults) {
        int open = word.indexOf('(');
        if (open < 0) {
            return new Rule(ClientPattern.parse(word), defaults, origin);
        }
        if (!word.endsWith(")") || word.indexOf('(', open + 1) >= 0) {
            throw new IllegalArgumentException(
                    "'" + word + "': options stand in one pair of parentheses, without spaces");
        }
        ExportOptions options = defaults.with(split(word.substring(open + 1, word.length() - 1)));
        return new Rule(ClientPattern.parse(word.substring(0, open)), options, origin);
    }

    private static List<String> split(String options) {
        return List.of(options.split(",", -1));
    }

    private static Path path(String word) {
        if (!word.startsWith("/")) {
            throw new IllegalArgumentException("'" + word + "': a path starts with /");
        }
        // Octal escapes name bytes; anything else came as characters.
        boolean bytes = word.chars().allMatch(c -> c < 256) && word.chars().anyMatch(c -> c > 127);
        String name = bytes ? fromBytes(word) : word;
        try {
            Path path = Path.of(name);
            if (!path.normalize().equals(path)) {
                throw new IllegalArgumentException("'" + word + "': a path without . and ..");
            }
            if (name.getBytes(StandardCharsets.UTF_8).length > Mount3.MNTPATHLEN) {
                throw new IllegalArgumentException("'" + word + "' is longer than " + Mount3.MNTPATHLEN + " bytes");
            }
            return path;
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "'" + word + "' cannot be named in this locale: start the server with LC_ALL=C.UTF-8", e);
        }
    }

    /** UTF-8 where it is; a file may be written in it or in escapes. */
    private static String fromBytes(String word) {
        String decoded = new String(word.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return decoded.indexOf('\ufffd') >= 0 ? word : decoded;
    }
}
