package io.mooring.itests.karaf;

import static org.junit.Assert.fail;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waits within a bound for a condition; inside Karaf, where no test library is. */
final class Await {
    private static final long LIMIT_SECONDS = 30;

    private Await() {}

    static <T> T until(String what, Callable<T> value, Predicate<T> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        T last = value.call();
        while (!condition.test(last)) {
            if (System.nanoTime() > deadline) {
                fail(what + ": not within " + LIMIT_SECONDS + " s; last seen: " + last);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            last = value.call();
        }
        return last;
    }
}
