package io.mooring.failover.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.failover.internal.ManualTurns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TenureTest {
    private final ManualTurns turns = new ManualTurns();
    private final List<String> lost = new ArrayList<>();
    private Runnable whileAsked = () -> {};
    private final FakeState state = new FakeState(FakeState.noStreams(), lost) {
        @Override
        public boolean isStillMine() {
            whileAsked.run();
            return super.isStillMine();
        }
    };
    private final Tenure tenure = new Tenure(state, turns::nanoTime, () -> lost.add("lost"));

    @Test
    void itIsSureForHalfASecondFromTheQuestion() {
        tenure.verify();
        turns.stop(Duration.ofMillis(499));
        assertThat(tenure.isSure()).isTrue();
        assertThat(state.asked).isEqualTo(1);
        turns.stop(Duration.ofMillis(1));
        assertThat(tenure.isSure()).isTrue();
        assertThat(state.asked).isEqualTo(2);
    }

    @Test
    void aStopDuringTheQuestionMakesTheAnswerWorthless() {
        whileAsked = () -> turns.stop(Duration.ofSeconds(1));
        assertThat(tenure.isSure()).isFalse();
        assertThat(state.asked).as("not for ever").isEqualTo(3);
        whileAsked = () -> {};
        assertThat(tenure.isSure()).as("the storage is fast again").isTrue();
        assertThat(lost).isEmpty();
    }

    @Test
    void whatIsLostIsLostForEverAndToldOnce() {
        state.mine = false;
        assertThat(tenure.isSure()).isFalse();
        state.mine = true;
        assertThat(tenure.isSure()).isFalse();
        tenure.verify();
        assertThat(lost).containsExactly("lost");
    }
}
