package io.mooring.itests.lab;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a server says of its locks. Immutable. */
record LabLocks(LabServer server) {

    private static final Pattern ROW = Pattern.compile("\\{[^}]*\\}");
    private static final Pattern REMAINING = Pattern.compile("\"remaining\"\\s*:\\s*\"?([0-9.]+)");

    /** Those that are held, and those who wait: a row of JSON each. */
    List<String> rows() {
        return rows("lock:list");
    }

    /** Whether one of the rows has all of these words as values. */
    boolean has(String... values) {
        return rows().stream().anyMatch(row -> List.of(values).stream().allMatch(value -> isIn(row, value)));
    }

    /** What is left of an address's grace period in seconds, 0 where there is none. */
    double grace(String address) {
        return rows("lock:grace").stream()
                .filter(row -> isIn(row, address))
                .map(REMAINING::matcher)
                .filter(Matcher::find)
                .mapToDouble(remaining -> Double.parseDouble(remaining.group(1)))
                .findFirst()
                .orElse(0);
    }

    private static boolean isIn(String row, String value) {
        return row.contains('"' + value + '"');
    }

    private List<String> rows(String command) {
        String json = server.client(command + " --json").succeeded();
        return ROW.matcher(json).results().map(MatchResult::group).toList();
    }
}
