package io.mooring.failover.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.failover.internal.ManualTurns;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SeldomTest {
    @Test
    void onceInTenSeconds() {
        ManualTurns turns = new ManualTurns();
        Seldom line = new Seldom(turns::nanoTime);
        assertThat(line.isTime()).isTrue();
        turns.stop(Duration.ofSeconds(10).minusNanos(1));
        assertThat(line.isTime()).isFalse();
        turns.stop(Duration.ofNanos(1));
        assertThat(line.isTime()).isTrue();
        assertThat(line.isTime()).isFalse();
    }
}
