package io.mooring.nfsd.internal.exports;

import java.nio.file.Path;
import java.util.List;

/** What exports files say, and which of their lines are wrong. Immutable. */
public record ParsedExports(List<ExportDefinition> definitions, List<Problem> problems) {
    public static final ParsedExports NONE = new ParsedExports(List.of(), List.of());

    public ParsedExports {
        definitions = List.copyOf(definitions);
        problems = List.copyOf(problems);
    }

    /** Whether a line about this export is wrong: what it then is, as a whole, is not known. */
    boolean isBroken(Path path) {
        return problems.stream().anyMatch(problem -> path.equals(problem.path()));
    }

    /**
     * Why a line is not served.
     *
     * @param origin "file:line"
     * @param path the export that the line is about, or null where that cannot be told
     */
    public record Problem(String origin, String message, Path path) {
        public Problem(String origin, String message) {
            this(origin, message, null);
        }

        public String file() {
            return origin.substring(0, origin.lastIndexOf(':'));
        }

        /** From 1; 0: the file as a whole. */
        public int line() {
            return Integer.parseInt(origin.substring(origin.lastIndexOf(':') + 1));
        }

        @Override
        public String toString() {
            return origin + ": " + message;
        }
    }
}
