package io.mooring.failover.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A thread and a clock that do nothing by themselves. Used by one thread. */
public final class ManualTurns implements Turns {
    private final List<Task> tasks = new ArrayList<>();
    private long now = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos();

    private record Task(long at, Runnable action) {}

    @Override
    public void soon(Runnable task) {
        later(Duration.ZERO, task);
    }

    @Override
    public void later(Duration delay, Runnable task) {
        tasks.add(new Task(now + delay.toNanos(), task));
    }

    @Override
    public long nanoTime() {
        return now;
    }

    /** Runs what is due, and what becomes due by that. */
    public void run() {
        pass(Duration.ZERO);
    }

    /** Lets time pass, and runs what becomes due, each at its time. */
    public void pass(Duration time) {
        long end = now + time.toNanos();
        while (true) {
            Task next = tasks.stream()
                    .min(Comparator.comparingLong(task -> task.at() - end))
                    .orElse(null);
            if (next == null || next.at() - end > 0) {
                break;
            }
            tasks.remove(next);
            now = next.at() - now > 0 ? next.at() : now;
            next.action().run();
        }
        now = end;
    }

    /** Time passes, and nothing is run: as while the process is stopped. */
    public void stop(Duration time) {
        now += time.toNanos();
    }
}
