package io.mooring.lockd.internal.peer;

import java.time.Duration;

/**
 * How long to wait before the next attempt: doubles. Immutable.
 *
 * @param first before the second attempt
 * @param longest between any two
 */
public record Backoff(Duration first, Duration longest) {

    /**
     * Before the next attempt.
     *
     * @param attempts made so far, from 1
     */
    public Duration after(int attempts) {
        long millis = first.toMillis() << Math.min(20, attempts - 1);
        return Duration.ofMillis(Math.min(millis, longest.toMillis()));
    }
}
