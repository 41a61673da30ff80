package io.mooring.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final Instant TIME = Instant.parse("2026-02-03T04:05:06.789Z");

    @Test
    void peopleGetATable() {
        Table table = new Table("Address", "Calls")
                .row(List.of("lo", "eth0"), 7)
                .row(null, 1234)
                .row(TIME, 0);

        String[] lines = print(table, false).split("\n", -1);
        assertThat(lines[0]).contains("Address").contains("Calls");
        assertThat(lines[2]).startsWith("lo, eth0").endsWith("    7");
        assertThat(lines[3]).endsWith(" 1234").doesNotContain("null");
        assertThat(lines[4]).startsWith("2026-02-03T04:05:06Z");
    }

    @Test
    void peopleGetRoundedDurations() {
        Table table = new Table("Took")
                .row(Duration.ZERO)
                .row(Duration.ofNanos(61_400))
                .row(Duration.ofMillis(61))
                .row(Duration.ofMillis(1_240))
                .row(Duration.ofSeconds(61))
                .row(Duration.ofMinutes(61));

        assertThat(print(table, false)).containsSubsequence("0", "61 µs", "61.0 ms", "1.2 s", "1m01s", "1h01m");
    }

    @Test
    void scriptsGetValuesOfTheirKind() {
        Table table = new Table("Address", "Last call", "XID", "Up", "Since", "Peer")
                .row(List.of("lo", "<eth0>"), Duration.ofMillis(1500), 7, true, TIME, null);

        JsonObject object = JsonParser.parseString(print(table, true))
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject();
        assertThat(object.keySet()).containsExactly("address", "lastCall", "xid", "up", "since", "peer");
        JsonArray address = object.getAsJsonArray("address");
        assertThat(address.get(1).getAsString()).isEqualTo("<eth0>");
        assertThat(object.get("lastCall").getAsDouble()).isEqualTo(1.5);
        assertThat(object.get("xid").getAsInt()).isEqualTo(7);
        assertThat(object.get("up").getAsBoolean()).isTrue();
        assertThat(object.get("since").getAsString()).isEqualTo("2026-02-03T04:05:06.789Z");
        assertThat(object.get("peer")).isEqualTo(JsonNull.INSTANCE);
    }

    @Test
    void anEmptyTableSaysSo() {
        assertThat(print(new Table("Address"), false)).contains("(none)");
        assertThat(print(new Table("Address"), true).trim()).isEqualTo("[]");
    }

    @Test
    void textFromOutsideCannotBreakTheJson() {
        Table table = new Table("Name").row("a\"b\n\u0000");

        JsonObject object = JsonParser.parseString(print(table, true))
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject();
        assertThat(object.get("name").getAsString()).isEqualTo("a\"b\n\u0000");
    }

    @Test
    void textFromOutsideCannotSteerTheTerminal() {
        assertThat(print(new Table("Name").row("a\u001b[2Jb\n"), false)).contains("a?[2Jb?");
    }

    @Test
    void whatIsNoNumberInJsonIsNull() {
        assertThat(print(new Table("Rate").row(Double.NaN), true)).contains("\"rate\": null");
    }

    @Test
    void aRowHasAValuePerColumn() {
        Table table = new Table("One", "Two");
        assertThatThrownBy(() -> table.row(Arrays.asList(1, 2))).isInstanceOf(IllegalArgumentException.class);
    }

    private static String print(Table table, boolean json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        table.print(new PrintStream(bytes, true, StandardCharsets.UTF_8), json);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
