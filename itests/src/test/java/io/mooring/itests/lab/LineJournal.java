package io.mooring.itests.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What write-lines.py says of the numbered lines that it appended, each made durable before the next. Immutable.
 *
 * @param entries in the order of writing
 */
record LineJournal(List<Entry> entries) {

    private static final int MESSAGE_WORD = 4;

    /**
     * One attempt.
     *
     * @param number of the line
     * @param begin when the write began, by the guest's monotonic clock
     * @param end when it was durable, or had failed
     * @param error what failed, empty when nothing
     */
    record Entry(int number, Duration begin, Duration end, String error) {}

    static LineJournal parse(String text) {
        List<Entry> entries = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ", MESSAGE_WORD + 1);
            String error = words[0].equals("error") ? words[MESSAGE_WORD] : "";
            entries.add(new Entry(Integer.parseInt(words[1]), seconds(words[2]), seconds(words[3]), error));
        }
        return new LineJournal(List.copyOf(entries));
    }

    private static Duration seconds(String text) {
        return Duration.ofNanos(Math.round(Double.parseDouble(text) * 1e9));
    }

    List<String> errors() {
        return entries.stream()
                .filter(entry -> !entry.error().isEmpty())
                .map(entry -> "line " + entry.number() + ": " + entry.error())
                .toList();
    }

    /** The longest time from one line's being durable to the next one's. */
    Duration longestGap() {
        Duration longest = Duration.ZERO;
        Duration last = null;
        for (Entry entry : entries) {
            if (entry.error().isEmpty()) {
                if (last != null && entry.end().minus(last).compareTo(longest) > 0) {
                    longest = entry.end().minus(last);
                }
                last = entry.end();
            }
        }
        return longest;
    }

    /** What is wrong with the file that was written: lines lost, doubled, strange or out of order. Empty when nothing is. */
    List<String> problemsOf(List<String> file) {
        List<String> problems = new ArrayList<>();
        Set<String> wanted = new HashSet<>();
        entries.stream()
                .filter(entry -> entry.error().isEmpty())
                .forEach(entry -> wanted.add(Integer.toString(entry.number())));
        Set<String> seen = new HashSet<>();
        int last = -1;
        for (String line : file) {
            if (!wanted.contains(line)) {
                problems.add("strange: " + line);
            } else if (!seen.add(line)) {
                problems.add("doubled: " + line);
            } else {
                int number = Integer.parseInt(line);
                if (number < last) {
                    problems.add("out of order: " + line);
                }
                last = number;
            }
        }
        wanted.stream().filter(line -> !seen.contains(line)).sorted().forEach(line -> problems.add("lost: " + line));
        return problems;
    }
}
