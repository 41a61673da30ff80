package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineJournalTest {

    private static final LineJournal JOURNAL = LineJournal.parse("""
            line 0 100.000000 100.010000
            line 1 100.100000 100.120000
            error 2 100.200000 100.210000 Input/output error
            line 3 100.300000 102.620000
            line 4 102.620000 102.630000
            """);

    @Test
    void tellsErrors() {
        assertThat(JOURNAL.errors()).containsExactly("line 2: Input/output error");
    }

    @Test
    void measuresFromDurableToDurable() {
        assertThat(JOURNAL.longestGap()).isEqualTo(Duration.ofMillis(2500));
        assertThat(new LineJournal(List.of()).longestGap()).isZero();
    }

    @Test
    void acceptsTheFileThatWasWritten() {
        assertThat(JOURNAL.problemsOf(List.of("0", "1", "3", "4"))).isEmpty();
    }

    @Test
    void tellsLostDoubledStrangeAndMisplacedLines() {
        assertThat(JOURNAL.problemsOf(List.of("0", "3", "3", "1", "\0\0")))
                .containsExactly("doubled: 3", "out of order: 1", "strange: \0\0", "lost: 4");
    }
}
