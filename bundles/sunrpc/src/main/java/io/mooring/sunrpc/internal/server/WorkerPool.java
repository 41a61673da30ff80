package io.mooring.sunrpc.internal.server;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server's threads for procedures that may block. Thread-safe. */
final class WorkerPool implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);
    private static final int IDLE_SECONDS = 60;
    private static final int CLOSE_SECONDS = 5;
    /** Calls that event loops admit at the same moment may exceed the limit by a few. */
    private static final int QUEUE_SLACK = 1024;

    private final String name;
    private final ThreadPoolExecutor threads;

    private static final class Worker extends Thread {
        private final WorkerPool pool;

        Worker(WorkerPool pool, Runnable task, String name) {
            super(task, name);
            this.pool = pool;
            setDaemon(true);
        }
    }

    WorkerPool(String name, int size, long calls) {
        this.name = name;
        AtomicInteger numbers = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                size,
                size,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>((int) Math.min(Integer.MAX_VALUE, calls + QUEUE_SLACK)),
                task -> new Worker(this, task, name + "-worker-" + numbers.incrementAndGet()));
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    boolean onWorker() {
        return Thread.currentThread() instanceof Worker worker && worker.pool == this;
    }

    /** Takes no more tasks; those queued are still run. */
    void shutdown() {
        threads.shutdown();
    }

    /** Waits for the last task within a bound. */
    void awaitEnd() {
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn(
                        "{}: {} workers are still busy {} s after close",
                        name,
                        threads.getActiveCount(),
                        CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
