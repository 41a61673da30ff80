package io.mooring.nfsd.internal.exports;

import java.util.List;

/** What exports files say, and which of their lines are wrong. Immutable. */
public record ParsedExports(List<ExportDefinition> definitions, List<Problem> problems) {
    public static final ParsedExports NONE = new ParsedExports(List.of(), List.of());

    public ParsedExports {
        definitions = List.copyOf(definitions);
        problems = List.copyOf(problems);
    }

    /**
     * Why a line is not served.
     *
     * @param origin "file:line"
     */
    public record Problem(String origin, String message) {
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
