package io.mooring.itests.lab;

import java.time.Duration;
import java.util.List;

/**
 * What load.py says of the operations of one load. Immutable.
 *
 * @param entries in the order of time
 */
record LoadJournal(List<Entry> entries) {

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

    /** The longest operation that was under way at some time between these two. */
    Duration longest(Duration from, Duration to) {
        return entries.stream()
                .filter(entry ->
                        entry.end().compareTo(from) > 0 && entry.begin().compareTo(to) < 0)
                .map(Entry::length)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Whether the load went on after this time. */
    boolean goesOnAfter(Duration time) {
        return !entries.isEmpty() && entries.get(entries.size() - 1).begin().compareTo(time) > 0;
    }
}
