package io.mooring.shell;

import com.google.gson.GsonBuilder;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.support.table.ShellTable;

/** Rows with named columns, printed as a table for people or as a JSON array of objects for scripts. */
public final class Table {
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
        List<Object> row = new ArrayList<>();
        for (Object value : values) {
            row.add(value);
        }
        rows.add(row);
        return this;
    }

    /** Prints the rows, as JSON where asked to: numbers and booleans as such, anything else as its string. */
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
                Object value = row.get(i);
                boolean plain = value == null || value instanceof Number || value instanceof Boolean;
                object.put(columns.get(i), plain ? value : value.toString());
            }
            objects.add(object);
        }
        return new GsonBuilder().setPrettyPrinting().serializeNulls().create().toJson(objects);
    }

    private void printTable(PrintStream out) {
        ShellTable table = new ShellTable();
        columns.forEach(table::column);
        for (List<Object> row : rows) {
            table.addRow().addContent(row.stream().map(v -> v == null ? "" : v).toList());
        }
        table.emptyTableText("(none)").print(out);
    }
}
