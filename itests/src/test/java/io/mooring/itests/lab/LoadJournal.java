package io.mooring.itests.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What load.py says of the operations of one load. Immutable.
 *
 * @param entries in the order of time
 */
record LoadJournal(List<Entry> entries) {

    /** The problem of an operation that had not ended when one looked. */
    static final String HANGS = "hangs";

    /**
     * One operation.
     *
     * @param begin by the guest's clock since its boot
     * @param problem the errno's name, or what was wrong; empty: nothing
     */
    record Entry(String what, Duration begin, Duration end, String problem) {

        Duration length() {
            return end.minus(begin);
        }

        boolean hangs() {
            return problem.equals(HANGS);
        }
    }

    static LoadJournal parse(String text) {
        return new LoadJournal(text.lines()
                .map(line -> line.split(" ", -1))
                .map(words ->
                        new Entry(words[0], seconds(words[1]), seconds(words[2]), words[3].equals("-") ? "" : words[3]))
                .toList());
    }

    static Duration seconds(String text) {
        return Duration.ofNanos(Math.round(Double.parseDouble(text) * 1e9));
    }

    List<Entry> problems() {
        return entries.stream().filter(entry -> !entry.problem().isEmpty()).toList();
    }

    /** The numbers of the lines that were written, in order. */
    List<String> lines() {
        return entries.stream()
                .filter(entry -> entry.problem().isEmpty())
                .map(entry -> entry.what().substring("line".length()))
                .toList();
    }

    /** The same by a clock that is ahead by this. */
    LoadJournal later(Duration ahead) {
        return new LoadJournal(entries.stream()
                .map(entry -> new Entry(
                        entry.what(), entry.begin().plus(ahead), entry.end().plus(ahead), entry.problem()))
                .toList());
    }

    /** With the operation that is not over, which began at the end of the last one at the earliest. */
    LoadJournal hangingAt(Duration now) {
        List<Entry> all = new ArrayList<>(entries);
        Duration begin =
                entries.isEmpty() ? now : entries.get(entries.size() - 1).end();
        all.add(new Entry("next", begin, now, HANGS));
        return new LoadJournal(List.copyOf(all));
    }

    /** The longest operation that was under way at some time between these two. */
    Duration longest(Duration from, Duration to) {
        return longestEntry(from, to).map(Entry::length).orElse(Duration.ZERO);
    }

    Optional<Entry> longestEntry(Duration from, Duration to) {
        return entries.stream()
                .filter(entry ->
                        entry.end().compareTo(from) > 0 && entry.begin().compareTo(to) < 0)
                .max(Comparator.comparing(Entry::length));
    }

    /** Whether the load went on after this time. */
    boolean goesOnAfter(Duration time) {
        return !entries.isEmpty() && entries.get(entries.size() - 1).begin().compareTo(time) > 0;
    }
}
