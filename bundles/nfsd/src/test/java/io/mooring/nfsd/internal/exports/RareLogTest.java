package io.mooring.nfsd.internal.exports;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class RareLogTest {
    private final List<Object> lines = new ArrayList<>();
    private final Logger logger = (Logger) Proxy.newProxyInstance(
            Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, args) -> {
                lines.add(args[0]);
                return null;
            });
    private long nanos;
    private final RareLog log = new RareLog(logger, () -> nanos);

    @Test
    void theSameLineOnceAMinute() {
        log.warn("a");
        log.warn("a");
        log.warn("b");
        nanos += Duration.ofSeconds(59).toNanos();
        log.warn("a");
        assertThat(lines).containsExactly("a", "b");
        nanos += Duration.ofSeconds(1).toNanos();
        log.warn("a");
        assertThat(lines).containsExactly("a", "b", "a");
    }

    @Test
    void linesInAllAreBounded() {
        for (int i = 0; i < 1000; i++) {
            log.warn("line " + i);
        }
        assertThat(lines).hasSize(60);
        nanos += Duration.ofMinutes(1).toNanos();
        log.warn("next");
        assertThat(lines).endsWith("line 59", "nfsd: 940 lines like the following were left out", "next");
        nanos += Duration.ofMinutes(1).toNanos();
        log.warn("last");
        assertThat(lines).endsWith("next", "last");
    }

    @Test
    void whatItRemembersIsBounded() {
        for (int i = 0; i < 300; i++) {
            nanos += Duration.ofSeconds(1).toNanos() / 6;
            nanos += i % 60 == 59 ? Duration.ofSeconds(50).toNanos() : 0;
            log.warn("line " + i);
        }
        assertThat(log.remembered()).isEqualTo(256);
    }

    @Test
    void whatClientsSentStaysInItsLine() {
        log.warn("denied /a\nfaked\u001b[2J");
        assertThat(lines).containsExactly("denied /a?faked?[2J");
    }
}
