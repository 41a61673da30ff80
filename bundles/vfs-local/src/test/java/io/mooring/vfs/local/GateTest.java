package io.mooring.vfs.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.vfs.VfsException.Status;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Closing waits for those inside, within a bound, and is done once. */
class GateTest {
    private final AtomicInteger emptied = new AtomicInteger();
    private final Gate gate = new Gate(emptied::incrementAndGet);

    @Test
    void closedAtOnceWhenNobodyIsInside() {
        assertThat(gate.close(10)).isTrue();
        assertThat(gate.close(10)).isTrue();
        assertThat(emptied).hasValue(1);
        VfsAssertions.assertStatus(Status.STALE, gate::enter);
    }

    @Test
    void waitsForTheLast() throws Exception {
        gate.enter();
        gate.enter();
        ExecutorService pool = Executors.newSingleThreadExecutor();
        Future<Boolean> closing = pool.submit(() -> gate.close(60));
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .until(() -> VfsAssertions.status(() -> {
                            gate.enter();
                            gate.leave();
                        })
                        == Status.STALE);
        gate.leave();
        assertThat(emptied).hasValue(0);
        assertThat(closing.isDone()).isFalse();
        gate.leave();
        assertThat(closing.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(emptied).hasValue(1);
        pool.shutdown();
    }

    @Test
    void whoHangsIsNotWaitedForEndlessly() throws Exception {
        gate.enter();
        assertThat(gate.close(0)).isFalse();
        assertThat(emptied).hasValue(0);
        gate.leave();
        assertThat(emptied).hasValue(1);
    }
}
