package io.mooring.nfsd.internal.exports;

import io.mooring.nfsd.internal.exports.HostNames.NameServiceException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.LongSupplier;

/**
 * Answers that count for a time. One thread asks, the others that want the same wait for its answer; a failure is told to
 * them and forgotten. Bounded: past the limit it starts anew. Thread-safe.
 */
final class TimedCache<K, V> {
    private final Question<K, V> question;
    private final Limits limits;
    private final LongSupplier nanoClock;
    private final ConcurrentMap<K, Entry<V>> entries = new ConcurrentHashMap<>();

    TimedCache(Question<K, V> question, Limits limits, LongSupplier nanoClock) {
        this.question = question;
        this.limits = limits;
        this.nanoClock = nanoClock;
    }

    /** Takes a bounded time. */
    interface Question<K, V> {
        V ask(K key) throws NameServiceException;
    }

    /** How long an answer counts, and how many are kept. */
    record Limits(Duration lifetime, int entries) {}

    private record Entry<V>(FutureTask<V> answer, long askedNanos) {}

    V get(K key) throws NameServiceException {
        Entry<V> known = entries.get(key);
        Entry<V> used = known == null || isOld(known) ? asked(key) : known;
        try {
            return used.answer().get();
        } catch (ExecutionException e) {
            entries.remove(key, used);
            String message = e.getCause() instanceof NameServiceException
                    ? e.getCause().getMessage()
                    : "asking for " + key + " failed: " + e.getCause();
            throw new NameServiceException(message);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NameServiceException("interrupted while asking for " + key);
        }
    }

    private Entry<V> asked(K key) {
        if (entries.size() >= limits.entries()) {
            entries.clear();
        }
        Entry<V> mine = new Entry<>(new FutureTask<>(() -> question.ask(key)), nanoClock.getAsLong());
        Entry<V> used = entries.compute(key, (k, known) -> known == null || isOld(known) ? mine : known);
        if (used.equals(mine)) {
            mine.answer().run();
        }
        return used;
    }

    private boolean isOld(Entry<V> entry) {
        return nanoClock.getAsLong() - entry.askedNanos() > limits.lifetime().toNanos();
    }

    int size() {
        return entries.size();
    }
}
