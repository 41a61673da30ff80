package io.mooring.sunrpc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class RateLimitedLogTest {
    private final List<Object> lines = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong(-5);
    private final Logger logger = (Logger) Proxy.newProxyInstance(
            Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                lines.add(arguments[0]);
                return null;
            });
    private final RateLimitedLog log = new RateLimitedLog(logger, nanos::get);

    @Test
    void oneLineInAPeriodThatSaysHowManyWereLeftOut() {
        for (int i = 0; i < 5; i++) {
            log.warn("line " + i);
        }
        nanos.addAndGet(9_999_999_999L);
        log.warn("too early");
        nanos.addAndGet(1);
        log.warn("next");
        nanos.addAndGet(10_000_000_000L);
        log.warn("last");
        assertThat(lines).containsExactly("line 0", "next (5 more like this since the last such line)", "last");
    }
}
