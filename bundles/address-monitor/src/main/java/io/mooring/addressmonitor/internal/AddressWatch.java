package io.mooring.addressmonitor.internal;

import io.mooring.addressmonitor.internal.AddressSource.Opener;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The monitor's one thread: it reads a source and enters the news into the book. A source that fails is opened again,
 * or the next best is. Thread-safe.
 */
final class AddressWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AddressWatch.class);
    private static final long CLOSE_SECONDS = 5;

    private final AddressBook book;
    private final List<Opener> openers;
    private final Duration retryInterval;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private AddressSource source;

    /** Of the monitor's thread, once that runs. */
    private String lastProblem = "";

    private AddressWatch(AddressBook book, List<Opener> openers, Duration retryInterval) {
        this.book = book;
        this.openers = List.copyOf(openers);
        this.retryInterval = retryInterval;
    }

    /**
     * Reads what is there, then goes on on a thread of its own.
     *
     * @param openers the sources, best first
     * @param retryInterval how long to wait when none is to be had any more
     * @throws IOException none is to be had
     */
    static AddressWatch start(AddressBook book, List<Opener> openers, Duration retryInterval) throws IOException {
        AddressWatch watch = new AddressWatch(book, openers, retryInterval);
        watch.open();
        Thread thread = new Thread(watch::run, "address-monitor");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    synchronized String sourceName() {
        return source.name();
    }

    private void run() {
        try {
            while (closing.getCount() > 0) {
                try {
                    current().next(book);
                    lastProblem = "";
                } catch (IOException | RuntimeException e) {
                    replace(e);
                }
            }
        } finally {
            ended.countDown();
        }
    }

    private synchronized AddressSource current() {
        return source;
    }

    /** The source failed: opens one anew, again and again until one is there or the watch is closed. */
    private void replace(Exception failure) {
        if (closing.getCount() > 0) {
            warnOnce(sourceName() + " failed and is opened anew", failure);
            current().close();
        }
        try {
            boolean open = false;
            while (!open && !closing.await(retryInterval.toNanos(), TimeUnit.NANOSECONDS)) {
                open = reopen();
            }
        } catch (InterruptedException e) {
            // Nobody but close() ends this thread, and that does so by the latch.
            LOG.debug("Address monitor: interrupted", e);
        }
    }

    private boolean reopen() {
        try {
            open();
            return true;
        } catch (IOException e) {
            LOG.debug("Address monitor: no source yet", e);
            return false;
        }
    }

    /** Takes the first source that opens and can say what is there. */
    private void open() throws IOException {
        IOException failure = new IOException("no source of addresses");
        for (Opener opener : openers) {
            try {
                use(opener.open());
                return;
            } catch (IOException | LinkageError e) { // LinkageError: no native code for this system
                warnOnce("a source of addresses is not to be had here", e);
                failure.addSuppressed(e);
            }
        }
        throw failure;
    }

    /** What fails again and again in the same way fills no log. */
    private void warnOnce(String what, Throwable why) {
        String problem = what + ": " + why;
        if (!problem.equals(lastProblem)) {
            lastProblem = problem;
            LOG.warn("Address monitor: {}", problem);
        }
        LOG.debug("Address monitor: {}", what, why);
    }

    private void use(AddressSource opened) throws IOException {
        boolean used = false;
        try {
            int changes = book.reconcile(opened.snapshot());
            synchronized (this) {
                if (closing.getCount() > 0) {
                    boolean another = source == null || !source.name().equals(opened.name());
                    source = opened;
                    used = true;
                    if (another) {
                        LOG.info("Address monitor: changes are noticed by {}; {} found now", opened.name(), changes);
                    }
                }
            }
        } finally {
            if (!used) {
                opened.close();
            }
        }
    }

    /** Ends the thread, waiting for it a bounded time. */
    @Override
    public void close() {
        synchronized (this) {
            closing.countDown();
            source.close();
        }
        try {
            if (!ended.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("Address monitor: its thread still runs");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
