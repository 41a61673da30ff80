package io.mooring.rpcbind.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One line per period, and it says how many were left out. */
final class RateLimitedLogTest {
    private final List<String> lines = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private final RateLimitedLog log = new RateLimitedLog(new ManualClock(), lines::add);

    @Test
    void countsWhatItLeavesOut() {
        log.log("first");
        log.log("second");
        log.log("third");
        now = now.plusSeconds(9);
        log.log("fourth");
        assertThat(lines).containsExactly("first");

        now = now.plusSeconds(1);
        log.log("fifth");
        log.log("sixth");
        assertThat(lines).containsExactly("first", "fifth (and 3 more like this before)");
    }

    private final class ManualClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
