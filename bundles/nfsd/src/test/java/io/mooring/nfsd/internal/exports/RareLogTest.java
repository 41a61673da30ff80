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
    void whatItRemembersIsBounded() {
        for (int i = 0; i < 1000; i++) {
            log.warn("line " + i);
        }
        log.warn("line 999");
        assertThat(lines).hasSize(1000);
        log.warn("line 0");
        assertThat(lines).hasSize(1001);
    }
}
