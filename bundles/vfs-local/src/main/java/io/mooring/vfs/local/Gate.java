package io.mooring.vfs.local;

import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets operations in until it is closed; when the last one has left something is done, once. Thread-safe. */
final class Gate {
    private final Runnable whenEmpty;
    private final CountDownLatch done = new CountDownLatch(1);
    private int inside;
    private boolean closed;

    Gate(Runnable whenEmpty) {
        this.whenEmpty = whenEmpty;
    }

    synchronized void enter() throws VfsException {
        if (closed) {
            throw new VfsException(Status.STALE, "the file system is closed");
        }
        inside++;
    }

    void leave() {
        boolean last;
        synchronized (this) {
            inside--;
            last = closed && inside == 0;
        }
        if (last) {
            finish();
        }
    }

    /**
     * Lets no more in, and waits for those inside. A call from inside, or one that waits too long, returns while the last
     * one has still to leave.
     *
     * @return whether all is done
     */
    boolean close(long maxWaitSeconds) {
        boolean last;
        synchronized (this) {
            last = !closed && inside == 0;
            closed = true;
        }
        if (last) {
            finish();
        }
        try {
            return done.await(maxWaitSeconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void finish() {
        try {
            whenEmpty.run();
        } finally {
            done.countDown();
        }
    }
}
