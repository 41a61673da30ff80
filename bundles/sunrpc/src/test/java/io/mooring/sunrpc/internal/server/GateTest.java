package io.mooring.sunrpc.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GateTest {

    private static Gate open() {
        return Gate.shutFromTheBeginning().successor();
    }

    @Test
    void itBeginsShutAndEmpty() {
        Gate gate = Gate.shutFromTheBeginning();
        assertThat(gate.isShut()).isTrue();
        assertThat(gate.enter()).isFalse();
        assertThat(gate.drained()).isDone();
        assertThat(gate.inside()).isZero();
    }

    @Test
    void itIsDrainedWhenItIsShutAndTheLastHasLeft() {
        Gate gate = open();
        assertThat(gate.enter()).isTrue();
        gate.leave();
        assertThat(gate.drained()).isNotDone();
        assertThat(gate.enter()).isTrue();
        assertThat(gate.enter()).isTrue();
        gate.shut();
        gate.shut();
        assertThat(gate.enter()).isFalse();
        gate.leave();
        assertThat(gate.drained()).isNotDone();
        assertThat(gate.inside()).isEqualTo(1);
        gate.leave();
        assertThat(gate.drained()).isDone();
    }

    @Test
    void thoseInsideAnEarlierOneCount() {
        Gate first = open();
        first.enter();
        first.shut();
        Gate second = first.successor();
        second.enter();
        assertThat(second.inside()).isEqualTo(2);
        second.shut();
        second.leave();
        assertThat(second.drained()).isNotDone();
        first.leave();
        assertThat(second.drained()).isDone();
        assertThat(second.inside()).isZero();
    }

    @Test
    void whatIsDoneToTheAnswerDoesNotOpenIt() {
        Gate gate = open();
        gate.enter();
        gate.drained().complete(null);
        assertThat(gate.drained()).isNotDone();
    }

    @Test
    void nobodyIsInsideOnceItIsDrained() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < 500; round++) {
                Gate gate = open();
                AtomicBoolean drained = new AtomicBoolean();
                AtomicInteger entered = new AtomicInteger();
                List<Future<Boolean>> all = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    all.add(threads.submit(() -> {
                        boolean late = false;
                        while (gate.enter()) {
                            entered.incrementAndGet();
                            late |= drained.get();
                            gate.leave();
                        }
                        return late;
                    }));
                }
                while (entered.get() < 10) {
                    Thread.onSpinWait();
                }
                gate.shut();
                gate.drained().get(20, TimeUnit.SECONDS);
                drained.set(true);
                for (Future<Boolean> one : all) {
                    assertThat(one.get(20, TimeUnit.SECONDS)).isFalse();
                }
                assertThat(gate.inside()).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
