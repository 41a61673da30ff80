package io.mooring.itests.lab;

import java.util.BitSet;
import java.util.Locale;
import java.util.Map;

/**
 * A report as a picture: a mark for each operation, from when it began to when it ended, as high as it took long. All operations
 * that would be in the same cell of 2 x 2 are one mark. A few lines of SVG: libraries for charts need fonts, which a machine
 * without a screen may not have. Immutable.
 */
final class MovePicture {

    private static final int WIDTH = 1000;
    private static final int HEIGHT = 360;
    private static final int LEFT = 60;
    private static final int BOTTOM = 320;
    private static final int TOP = 40;
    private static final int CELL = 2;
    private static final int COLUMNS = (WIDTH - LEFT) / CELL;
    private static final int ROWS = (BOTTOM - TOP) / CELL;
    private static final int LEGEND = 90;
    /** The axis begins at a millisecond. */
    private static final double SHORTEST = 1e-3;

    private static final Map<String, String> COLOURS =
            Map.of("lines", "#c0392b", "read", "#2980b9", "names", "#27ae60", "contend", "#8e44ad");

    private final MoveReport report;
    private final double begin;
    private final double end;
    private final double longest;
    private final StringBuilder svg = new StringBuilder();

    MovePicture(MoveReport report) {
        this.report = report;
        this.begin = LabReport.seconds(report.moves().get(0).begin()) - 2;
        this.end =
                LabReport.seconds(report.moves().get(report.moves().size() - 1).end());
        this.longest = report.journals().values().stream()
                .flatMap(journal -> journal.entries().stream())
                .filter(this::isIn)
                .mapToDouble(entry -> LabReport.seconds(entry.length()))
                .reduce(1, Math::max);
    }

    String svg() {
        svg.setLength(0);
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH, HEIGHT);
        add("<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>");
        add("<text x=\"%d\" y=\"20\" font-size=\"15\">%s</text>", LEFT, report.title());
        axes();
        int legend = LEFT;
        for (Map.Entry<String, LoadJournal> load : report.journals().entrySet()) {
            String colour = COLOURS.getOrDefault(load.getKey(), "#555");
            add("<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>", legend, HEIGHT - 8, colour, load.getKey());
            add(
                    "<path fill=\"none\" stroke=\"%s\" stroke-width=\"%d\" d=\"%s\"/>",
                    colour, CELL, marks(load.getValue()));
            legend += LEGEND;
        }
        add("<text x=\"%d\" y=\"%d\">%.0f s; dashed: the address moves</text>", legend, HEIGHT - 8, end - begin);
        return svg.append("</svg>\n").toString();
    }

    private void axes() {
        for (double mark = SHORTEST; mark <= longest; mark *= 10) {
            double y = y(mark);
            add("<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>", LEFT, y, WIDTH);
            add(
                    "<text x=\"4\" y=\"%.1f\">%s s</text>",
                    y + 4, mark > 0.9 ? Long.toString(Math.round(mark)) : "%.3f".formatted(mark));
        }
        for (MoveReport.Move move : report.moves()) {
            double x = x(LabReport.seconds(move.begin()));
            add("<path d=\"M%.1f %dV%d\" stroke=\"#bbb\" stroke-dasharray=\"3\"/>", x, TOP, BOTTOM);
        }
    }

    /** Vertical strokes, each through cells that lie one above the other. */
    private String marks(LoadJournal journal) {
        BitSet[] columns = new BitSet[COLUMNS];
        journal.entries().stream().filter(this::isIn).forEach(entry -> {
            int row = cell(y(LabReport.seconds(entry.length())) - TOP, ROWS);
            int last = cell(x(LabReport.seconds(entry.end())) - LEFT, COLUMNS);
            for (int column = cell(x(LabReport.seconds(entry.begin())) - LEFT, COLUMNS); column <= last; column++) {
                columns[column] = columns[column] == null ? new BitSet(ROWS) : columns[column];
                columns[column].set(row);
            }
        });
        StringBuilder path = new StringBuilder();
        for (int column = 0; column < COLUMNS; column++) {
            BitSet rows = columns[column] == null ? new BitSet() : columns[column];
            for (int row = rows.nextSetBit(0); row >= 0; ) {
                int below = rows.nextClearBit(row);
                path.append('M')
                        .append(LEFT + CELL * column + CELL / 2)
                        .append(' ')
                        .append(TOP + CELL * row);
                path.append('v').append(CELL * (below - row));
                row = rows.nextSetBit(below);
            }
        }
        return path.toString();
    }

    private boolean isIn(LoadJournal.Entry entry) {
        return LabReport.seconds(entry.end()) >= begin && LabReport.seconds(entry.begin()) <= end;
    }

    private static int cell(double at, int count) {
        return Math.max(0, Math.min(count - 1, (int) (at / CELL)));
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private double x(double at) {
        return LEFT + (WIDTH - LEFT) * (at - begin) / (end - begin);
    }

    /** Logarithmic. */
    private double y(double seconds) {
        return BOTTOM
                - (BOTTOM - TOP) * Math.log(Math.max(SHORTEST, seconds) / SHORTEST) / Math.log(longest / SHORTEST);
    }
}
