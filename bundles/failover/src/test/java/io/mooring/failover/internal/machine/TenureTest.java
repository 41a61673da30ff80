package io.mooring.failover.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.failover.internal.ManualTurns;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TenureTest {
    private final ManualTurns turns = new ManualTurns();
    private final List<String> verdicts = Collections.synchronizedList(new ArrayList<>());
    private volatile Runnable whileAsked = () -> {};
    private final FakeState state = new FakeState(FakeState.noStreams(), verdicts) {
        @Override
        public boolean isStillMine() throws IOException {
            whileAsked.run();
            return super.isStillMine();
        }
    };
    private final Tenure tenure = new Tenure(
            state,
            turns::nanoTime,
            new Tenure.Verdicts(() -> verdicts.add("mine"), () -> verdicts.add("unknown"), () -> verdicts.add("lost")));

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
        assertThat(verdicts).containsExactly("unknown", "mine");
    }

    @Test
    void whatIsLostIsLostForEverAndToldOnce() {
        state.mine = false;
        assertThat(tenure.isSure()).isFalse();
        state.mine = true;
        assertThat(tenure.isSure()).isFalse();
        tenure.verify();
        assertThat(verdicts).containsExactly("lost");
    }

    @Test
    void noAnswerIsNoLoss() {
        tenure.verify();
        state.silence = new IOException("openat: too many open files");
        tenure.verify();
        assertThat(tenure.isSure()).as("it was asked a moment ago").isTrue();
        assertThat(verdicts).containsExactly("mine", "mine");
        turns.stop(Duration.ofMillis(500));
        assertThat(tenure.isSure()).isFalse();
        assertThat(tenure.isSure()).isFalse();
        state.silence = null;
        assertThat(tenure.isSure()).isTrue();
        assertThat(verdicts).containsExactly("mine", "mine", "unknown", "unknown", "mine");
    }

    @Test
    void whatIsSaidWhileItIsGivenUpDoesNotCount() {
        tenure.verify();
        state.mine = false;
        whileAsked = tenure::end;
        tenure.verify();
        turns.stop(Duration.ofSeconds(1));
        assertThat(tenure.isSure()).isFalse();
        assertThat(verdicts).containsExactly("mine");
    }

    @Test
    void whereItHangsCallsDoNotHangToo() throws Exception {
        tenure.verify();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answers = new CountDownLatch(1);
        whileAsked = () -> {
            asked.countDown();
            await(answers);
        };
        Thread watch = new Thread(tenure::verify);
        watch.start();
        await(asked);
        assertThat(tenure.isSure()).as("it was asked a moment ago").isTrue();
        turns.stop(Duration.ofMillis(500));
        assertThat(tenure.isSure()).isFalse();
        assertThat(tenure.isSure()).isFalse();
        assertThat(verdicts).containsExactly("mine", "unknown", "unknown");
        turns.stop(Duration.ofSeconds(6));
        assertThat(tenure.isInDoubt()).isTrue();
        whileAsked = () -> {};
        answers.countDown();
        watch.join(Duration.ofSeconds(10).toMillis());
        assertThat(tenure.isSure())
                .as("the late answer does not count, the next one does")
                .isTrue();
        assertThat(tenure.isInDoubt()).isFalse();
        assertThat(verdicts).containsExactly("mine", "unknown", "unknown", "mine");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
