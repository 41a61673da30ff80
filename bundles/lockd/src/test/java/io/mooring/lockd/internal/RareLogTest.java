package io.mooring.lockd.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RareLogTest {
    private final List<String> lines = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final RareLog log = new RareLog(lines::add, nanos::get);

    @Test
    void theSameIsSaidOnceAMinute() {
        log.say("a", "1");
        log.say("a", "2");
        log.say("b", "3");
        assertThat(lines).containsExactly("1", "3");
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        log.say("a", "4");
        assertThat(lines).containsExactly("1", "3", "4");
    }

    @Test
    void notMoreThanSixtyAMinute() {
        for (int i = 0; i < 5000; i++) {
            log.say("key" + i, "line");
        }
        assertThat(lines).hasSize(60);
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        log.say("key0", "again");
        assertThat(lines).hasSize(61);
    }
}
