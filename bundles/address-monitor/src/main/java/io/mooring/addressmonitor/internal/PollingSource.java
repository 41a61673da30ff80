package io.mooring.addressmonitor.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Looks again and again. An address that went and came between two looks is not noticed, and IPv6 addresses count as
 * present while they are tentative. Owned by the monitor's thread.
 */
final class PollingSource implements AddressSource {

    /** How to look. */
    interface Look {
        Snapshot now() throws IOException;
    }

    private final Look look;
    private final Duration interval;
    private final CountDownLatch closed = new CountDownLatch(1);

    PollingSource(Look look, Duration interval) {
        this.look = look;
        this.interval = interval;
    }

    @Override
    public String name() {
        return "polling";
    }

    @Override
    public Snapshot snapshot() throws IOException {
        return look.now();
    }

    @Override
    public void next(AddressBook book) throws IOException {
        try {
            if (closed.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AsynchronousCloseException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
        book.reconcile(look.now());
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
