package io.mooring.itests.karaf;

import static org.junit.Assert.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Waits within a bound for a condition; inside Karaf, where no test library is. */
final class Await {
    private static final long LIMIT_SECONDS = 30;
    /** Of the log. */
    private static final int LINES = 20;

    private Await() {}

    static <T> T until(String what, Callable<T> value, Predicate<T> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        T last = value.call();
        while (!condition.test(last)) {
            if (System.nanoTime() > deadline) {
                fail(what + ": not within " + LIMIT_SECONDS + " s; last seen: " + last + "\n" + warnings());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            last = value.call();
        }
        return last;
    }

    /** What this Karaf logged last that is not well. */
    private static String warnings() {
        Path log = Path.of(System.getProperty("karaf.data"), "log", "karaf.log");
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            List<String> wrong = lines.filter(line -> line.contains("WARN") || line.contains("ERROR"))
                    .toList();
            return String.join("\n", wrong.subList(Math.max(0, wrong.size() - LINES), wrong.size()));
        } catch (IOException e) {
            return log + " cannot be read: " + e.getMessage();
        }
    }
}
