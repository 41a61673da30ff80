package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MoveReportTest {

    private static final List<MoveReport.Move> MOVES = List.of(move(10, 20, 10), move(20, 30, 20), move(30, 40, 30));

    private static MoveReport.Move move(int begin, int end, int away) {
        return new MoveReport.Move(Duration.ofSeconds(begin), Duration.ofSeconds(end), Duration.ofMillis(away));
    }

    private static LoadJournal.Entry entry(int begin, int length) {
        Duration at = Duration.ofMillis(begin);
        return new LoadJournal.Entry("line" + begin, at, at.plusMillis(length), "");
    }

    private static MoveReport report(LoadJournal lines) {
        LoadJournal contend = new LoadJournal(List.of(entry(10_000, 500)));
        return new MoveReport("three moves", MOVES, new TreeMap<>(Map.of("lines", lines, "contend", contend)));
    }

    @Test
    void tellsTheLongestOperationsAndWhatTheyAreBeyondTheTimeAway() {
        MoveReport report = report(
                new LoadJournal(List.of(entry(10_000, 50), entry(11_000, 40), entry(21_000, 220), entry(31_000, 100))));
        assertThat(report.table()).isEqualTo("""
                        | move | away | contend | lines | beyond away |
                        | --- | --- | --- | --- | --- |
                        | 1 | 0.010 | 0.500 | 0.050 | 0.040 |
                        | 2 | 0.020 | 0.000 | 0.220 | 0.200 |
                        | 3 | 0.030 | 0.000 | 0.100 | 0.070 |
                        | median | 0.020 | 0.000 | 0.100 | 0.070 |
                        | longest | 0.030 | 0.500 | 0.220 | 0.200 |
                        """);
    }

    @Test
    void whatAnotherClockToldIsPutWhereItBelongs() {
        LoadJournal lines = new LoadJournal(List.of(entry(1_000, 50))).later(Duration.ofSeconds(20));
        assertThat(report(lines).table()).contains("| 1 | 0.010 | 0.500 | 0.000 |", "| 2 | 0.020 | 0.000 | 0.050 |");
    }

    @Test
    void saysWhatHadNotEnded() {
        MoveReport report = report(new LoadJournal(List.of(entry(10_000, 50))).hangingAt(Duration.ofMillis(40_050)));
        assertThat(report.table())
                .contains("| 1 | 0.010 | 0.500 | still hanging after 30.000 | still hanging after 29.990 |")
                .contains("| longest | 0.030 | 0.500 | still hanging after 30.000 | still hanging after 29.990 |");
    }

    @Test
    void aPictureOfManyOperationsIsSmallAndShowsTheLongest() {
        List<LoadJournal.Entry> entries = new ArrayList<>();
        for (int at = 8_000; at < 40_000; at++) {
            entries.add(entry(at, 2 + at % 61));
        }
        String without = new MovePicture(report(new LoadJournal(entries))).svg();
        entries.add(entry(22_000, 1_000));
        String with = new MovePicture(report(new LoadJournal(entries))).svg();
        assertThat(with.length()).isLessThan(150_000);
        // The top of the axis, from the 14th to the 15th of 32 seconds.
        assertThat(with).contains("M471 40v2", "M499 40v2").doesNotContain("M461 40v2", "M511 40v2");
        assertThat(without).doesNotContain("M471 40v2");
    }
}
