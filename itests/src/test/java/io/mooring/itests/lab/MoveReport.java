package io.mooring.itests.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was measured while a service moved, as a table and as a picture: a dot for each operation, at the time when it began, as high
 * as it took long. A few lines of SVG: libraries for charts need fonts, which a machine without a screen may not have. Immutable.
 *
 * @param title what was moved
 * @param moves in order
 * @param journals of the loads, by name
 */
record MoveReport(String title, List<Move> moves, Map<String, LoadJournal> journals) {

    private static final int WIDTH = 1000;
    private static final int HEIGHT = 360;
    private static final int LEFT = 60;
    private static final int BOTTOM = 320;
    private static final int TOP = 40;
    /** The axis begins at a millisecond. */
    private static final double SHORTEST = 1e-3;

    private static final Map<String, String> COLOURS =
            Map.of("lines", "#c0392b", "read", "#2980b9", "names", "#27ae60", "contend", "#8e44ad");

    /**
     * One move.
     *
     * @param begin by the first client's clock, shortly before
     * @param end by which what belongs to it has ended
     * @param away how long the address was on neither node, at the most
     */
    record Move(Duration begin, Duration end, Duration away) {}

    /** The longest operation of a load that belongs to a move. */
    Duration longest(String load, Move move) {
        return journals.get(load).longest(move.begin(), move.end());
    }

    /** The longest operation of any load, but for the time that the address was away. */
    Duration stall(Move move) {
        return journals.keySet().stream()
                .filter(load -> !load.equals("contend"))
                .map(load -> longest(load, move))
                .max(Duration::compareTo)
                .orElseThrow()
                .minus(move.away());
    }

    String table() {
        StringBuilder text = new StringBuilder("| move | away s |");
        journals.keySet().forEach(load -> text.append(' ').append(load).append(" s |"));
        text.append("\n|---|---|").append("---|".repeat(journals.size())).append('\n');
        for (int i = 0; i < moves.size(); i++) {
            Move move = moves.get(i);
            text.append(String.format(Locale.ROOT, "| %d | %.3f |", i + 1, LabReport.seconds(move.away())));
            journals.keySet()
                    .forEach(load ->
                            text.append(String.format(Locale.ROOT, " %.3f |", LabReport.seconds(longest(load, move)))));
            text.append('\n');
        }
        return text.toString();
    }

    /** Writes {@code name.md} and {@code name.svg}. */
    void write(Path directory, String name) {
        try {
            Files.writeString(
                    directory.resolve(name + ".md"),
                    "# " + title + "\n\nLongest single operation of each load in each move, in seconds.\n\n" + table());
            Files.writeString(directory.resolve(name + ".svg"), picture());
        } catch (IOException e) {
            throw new LabException("the report " + name + " cannot be written", e);
        }
    }

    private String picture() {
        double begin = LabReport.seconds(moves.get(0).begin()) - 2;
        double end = LabReport.seconds(moves.get(moves.size() - 1).end());
        double longest = Math.max(
                1,
                moves.stream()
                        .mapToDouble(move -> LabReport.seconds(stall(move).plus(move.away())))
                        .max()
                        .orElseThrow());
        StringBuilder svg = new StringBuilder();
        add(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH,
                HEIGHT);
        add(svg, "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>");
        add(svg, "<text x=\"%d\" y=\"20\" font-size=\"15\">%s</text>", LEFT, title);
        for (double mark = SHORTEST; mark <= longest * 10; mark *= 10) {
            double y = y(mark, longest);
            if (y >= TOP) {
                add(svg, "<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>", LEFT, y, WIDTH);
                add(svg, "<text x=\"4\" y=\"%.1f\">%s s</text>", y + 4, mark >= 1 ? "%.0f".formatted(mark) : mark);
            }
        }
        for (Move move : moves) {
            double x = x(LabReport.seconds(move.begin()), begin, end);
            add(svg, "<path d=\"M%.1f %dV%d\" stroke=\"#bbb\" stroke-dasharray=\"3\"/>", x, TOP, BOTTOM);
        }
        int legend = LEFT;
        for (Map.Entry<String, LoadJournal> load : journals.entrySet()) {
            String colour = COLOURS.getOrDefault(load.getKey(), "#555");
            add(svg, "<g fill=\"%s\">", colour);
            add(svg, "<text x=\"%d\" y=\"%d\">%s</text>", legend, HEIGHT - 8, load.getKey());
            for (LoadJournal.Entry entry : load.getValue().entries()) {
                double at = LabReport.seconds(entry.begin());
                if (at >= begin && at <= end) {
                    double height = Math.max(SHORTEST, LabReport.seconds(entry.length()));
                    add(svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"1.5\"/>", x(at, begin, end), y(height, longest));
                }
            }
            add(svg, "</g>");
            legend += 90;
        }
        add(svg, "<text x=\"%d\" y=\"%d\">%.0f s; dashed: the address moves</text>", legend, HEIGHT - 8, end - begin);
        return svg.append("</svg>\n").toString();
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static double x(double at, double begin, double end) {
        return LEFT + (WIDTH - LEFT) * (at - begin) / (end - begin);
    }

    /** Logarithmic. */
    private static double y(double seconds, double longest) {
        return BOTTOM - (BOTTOM - TOP) * Math.log(seconds / SHORTEST) / Math.log(longest / SHORTEST);
    }
}
