package io.mooring.itests.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What was measured while a service moved, as a table; {@link MovePicture} draws it. Immutable.
 *
 * @param title what was moved
 * @param moves in order
 * @param journals of the loads, by name
 */
record MoveReport(String title, List<Move> moves, Map<String, LoadJournal> journals) {

    /**
     * One move.
     *
     * @param begin by the first client's clock, shortly before
     * @param end by which what belongs to it has ended
     * @param away how long the address was on neither node, at the most
     */
    record Move(Duration begin, Duration end, Duration away) {}

    private record Column(String name, Function<Move, Duration> value, Predicate<Move> hangs) {

        String cell(Move move) {
            String seconds = String.format(Locale.ROOT, "%.3f", LabReport.seconds(value.apply(move)));
            return hangs.test(move) ? "still hanging after " + seconds : seconds;
        }

        Move median(List<Move> moves) {
            return moves.stream().sorted(Comparator.comparing(value)).toList().get(moves.size() / 2);
        }

        Move longest(List<Move> moves) {
            return moves.stream().max(Comparator.comparing(value)).orElseThrow();
        }
    }

    /** The longest operation of a load that belongs to a move. */
    Duration longest(String load, Move move) {
        return journals.get(load).longest(move.begin(), move.end());
    }

    private boolean hangs(String load, Move move) {
        return journals.get(load)
                .longestEntry(move.begin(), move.end())
                .filter(LoadJournal.Entry::hangs)
                .isPresent();
    }

    /** The longest operation of any load, but for the time that the address was away. */
    Duration stall(Move move) {
        return journals.keySet().stream()
                .filter(MoveReport::waits)
                .map(load -> longest(load, move))
                .max(Duration::compareTo)
                .orElseThrow()
                .minus(move.away());
    }

    /** Not the one that asks for a lock in vain: nothing of its work waits for the answer. */
    private static boolean waits(String load) {
        return !load.equals("contend");
    }

    private List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("away", Move::away, move -> false));
        journals.keySet()
                .forEach(load -> columns.add(new Column(load, move -> longest(load, move), move -> hangs(load, move))));
        columns.add(new Column(
                "beyond away",
                this::stall,
                move -> journals.keySet().stream().filter(MoveReport::waits).anyMatch(load -> hangs(load, move))));
        return columns;
    }

    String table() {
        List<Column> columns = columns();
        StringBuilder text = new StringBuilder();
        text.append(row("move", columns, Column::name));
        text.append(row("---", columns, column -> "---"));
        for (int i = 0; i < moves.size(); i++) {
            Move move = moves.get(i);
            text.append(row(Integer.toString(i + 1), columns, column -> column.cell(move)));
        }
        text.append(row("median", columns, column -> column.cell(column.median(moves))));
        text.append(row("longest", columns, column -> column.cell(column.longest(moves))));
        return text.toString();
    }

    private static String row(String head, List<Column> columns, Function<Column, String> cell) {
        return columns.stream().map(cell).collect(Collectors.joining(" | ", "| " + head + " | ", " |\n"));
    }

    /** Writes {@code name.md} and {@code name.svg}. */
    void write(Path directory, String name) {
        try {
            Files.writeString(
                    directory.resolve(name + ".md"),
                    "# " + title + "\n\nLongest single operation of each load in each move, in seconds.\n\n" + table());
            Files.writeString(directory.resolve(name + ".svg"), new MovePicture(this).svg());
        } catch (IOException e) {
            throw new LabException("the report " + name + " cannot be written", e);
        }
    }
}
