package io.mooring.itests.lab;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Bounded waits. Stateless. */
final class Waiting {

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private Waiting() {}

    /** Whether the condition came true within the limit. An exception of the condition ends the wait at once. */
    static boolean until(Duration limit, Callable<Boolean> condition) {
        try {
            Awaitility.await()
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(LOOK_EVERY)
                    .atMost(limit)
                    .until(condition);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    /** Lets time pass that belongs to the test, such as that in which an address is nowhere. */
    static void pass(Duration time) {
        until(time, () -> false);
    }
}
