package io.mooring.shell;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.karaf.shell.support.table.Col;
import org.apache.karaf.shell.support.table.ShellTable;

/**
 * Rows with named columns, printed as a table for people or as a JSON array of objects for scripts. Not thread-safe.
 *
 * <p>In a table numbers stand on the right, lists are separated by commas, times are cut to seconds, durations are
 * rounded. In JSON numbers, booleans and lists are such, a duration is a number of seconds, a time is ISO 8601; keys are
 * the columns' titles in camel case: "Last call" is {@code lastCall}.
 */
public final class Table {
    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .disableHtmlEscaping()
            .create();

    private final List<String> columns;
    private final List<List<Object>> rows = new ArrayList<>();

    public Table(String... columns) {
        this.columns = List.of(columns);
    }

    /** Adds a row: one value per column; null is shown as an empty cell, and as null in JSON. */
    public Table row(Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(values.length + " values for " + columns.size() + " columns");
        }
        rows.add(new ArrayList<>(Arrays.asList(values)));
        return this;
    }

    /** Prints the rows, as JSON where asked to. */
    public void print(PrintStream out, boolean json) {
        if (json) {
            out.println(toJson());
        } else {
            printTable(out);
        }
    }

    private String toJson() {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (List<Object> row : rows) {
            Map<String, Object> object = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                object.put(key(columns.get(i)), forScripts(row.get(i)));
            }
            objects.add(object);
        }
        return GSON.toJson(objects);
    }

    private void printTable(PrintStream out) {
        ShellTable table = new ShellTable().emptyTableText("(none)");
        for (int i = 0; i < columns.size(); i++) {
            int column = i;
            Col col = table.column(columns.get(i));
            if (rows.stream().allMatch(row -> row.get(column) instanceof Number)) {
                col.alignRight();
            }
        }
        for (List<Object> row : rows) {
            table.addRow().addContent(row.stream().map(Table::forPeople).toArray());
        }
        table.print(out);
    }

    private static String key(String title) {
        String[] words = title.trim().split("\\s+", -1);
        StringBuilder key = new StringBuilder(decapitalized(words[0]));
        for (int i = 1; i < words.length; i++) {
            key.append(words[i].substring(0, 1).toUpperCase(Locale.ROOT)).append(words[i].substring(1));
        }
        return key.toString();
    }

    /** "Address" is address; "XID", an abbreviation, is xid. */
    private static String decapitalized(String word) {
        return word.equals(word.toUpperCase(Locale.ROOT))
                ? word.toLowerCase(Locale.ROOT)
                : word.substring(0, 1).toLowerCase(Locale.ROOT) + word.substring(1);
    }

    private static Object forScripts(Object value) {
        if (value == null || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Number number) {
            // JSON has no NaN and no infinity.
            return Double.isFinite(number.doubleValue()) ? number : null;
        }
        if (value instanceof Collection<?> collection) {
            return collection.stream().map(Table::forScripts).toList();
        }
        if (value instanceof Duration duration) {
            return duration.toNanos() / 1e9;
        }
        return value.toString();
    }

    private static String forPeople(Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Collection<?> collection) {
            return collection.stream().map(Table::forPeople).collect(Collectors.joining(", "));
        }
        if (value instanceof Instant instant) {
            return instant.truncatedTo(ChronoUnit.SECONDS).toString();
        }
        // Names come from clients too: none may steer the terminal.
        return value instanceof Duration duration
                ? rounded(duration)
                : value.toString().replaceAll("\\p{Cntrl}", "?");
    }

    private static String rounded(Duration duration) {
        double seconds = duration.toNanos() / 1e9;
        if (seconds == 0) {
            return "0";
        }
        if (seconds < 1e-3) {
            return String.format(Locale.ROOT, "%.0f µs", seconds * 1e6);
        }
        if (seconds < 1) {
            return String.format(Locale.ROOT, "%.1f ms", seconds * 1e3);
        }
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = duration.toSeconds();
        return whole < 3600
                ? String.format(Locale.ROOT, "%dm%02ds", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%dh%02dm", whole / 3600, whole / 60 % 60);
    }
}
