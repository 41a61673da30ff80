package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class NameJournalTest {

    private static final String TEXT = """
            begin create a1
            done create a1
            begin rename a1 b1
            repeated rename a1 b1
            begin link b1 c1
            done link b1 c1
            begin mkdir d1
            error-EIO mkdir d1
            begin remove b1
            done remove b1
            begin rename c1 e1
            """;

    @Test
    void knowsWhatWasAcknowledgedAndWhatIsUnderWay() {
        NameJournal journal = NameJournal.parse(TEXT + "done ren");
        assertThat(journal.names()).containsExactly("c1");
        assertThat(journal.uncertain()).containsExactlyInAnyOrder("c1", "e1");
        assertThat(journal.repeated()).isEqualTo(1);
        assertThat(journal.errors()).containsExactly("error-EIO mkdir d1");
    }

    @Test
    void namesWhatIsLostAndWhatShouldBeGone() {
        assertThat(NameJournal.parse(TEXT).problemsOf(Set.of("e1"))).isEmpty();
        assertThat(NameJournal.parse(TEXT).problemsOf(Set.of("c1", "b1"))).containsExactly("should be gone: b1");
        NameJournal done = NameJournal.parse(TEXT + "done rename c1 e1\n");
        assertThat(done.problemsOf(Set.of("c1"))).containsExactly("lost: e1", "should be gone: c1");
    }
}
