package io.mooring.nfsd.internal.exports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.nfsd.internal.exports.HostNames.NameServiceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TimedCacheTest {
    private final AtomicInteger asked = new AtomicInteger();
    private long nanos;
    private boolean dead;

    private final TimedCache<Integer, String> cache = new TimedCache<>(
            key -> {
                asked.incrementAndGet();
                if (dead) {
                    throw new NameServiceException("dead");
                }
                return "answer " + key;
            },
            new TimedCache.Limits(Duration.ofSeconds(10), 100),
            () -> nanos);

    @Test
    void anAnswerCountsForItsTime() throws Exception {
        assertThat(cache.get(1)).isEqualTo("answer 1");
        nanos += Duration.ofSeconds(10).toNanos();
        cache.get(1);
        assertThat(asked).hasValue(1);
        nanos++;
        cache.get(1);
        assertThat(asked).hasValue(2);
    }

    @Test
    void aFailureIsForgotten() throws Exception {
        dead = true;
        assertThatThrownBy(() -> cache.get(1))
                .isInstanceOf(NameServiceException.class)
                .hasMessage("dead");
        dead = false;
        assertThat(cache.get(1)).isEqualTo("answer 1");
    }

    @Test
    void itIsBounded() throws Exception {
        for (int i = 0; i < 1000; i++) {
            cache.get(i);
            assertThat(cache.size()).isLessThanOrEqualTo(100);
        }
    }

    @Test
    void manyWhoAskAtOnceCostOneQuestion() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        TimedCache<Integer, String> slow = new TimedCache<>(
                key -> {
                    asked.incrementAndGet();
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new NameServiceException("interrupted");
                    }
                    return "late";
                },
                new TimedCache.Limits(Duration.ofSeconds(10), 100),
                () -> nanos);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(threads.submit(() -> slow.get(1)));
            }
            go.countDown();
            for (Future<String> answer : answers) {
                assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("late");
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(asked).hasValue(1);
    }
}
