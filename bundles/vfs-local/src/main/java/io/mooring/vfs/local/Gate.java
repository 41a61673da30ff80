package io.mooring.vfs.local;

import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;

/** Lets operations in until it is closed; closing waits for those that are inside. Thread-safe. */
final class Gate {
    private int inside;
    private boolean closed;

    synchronized void enter() throws VfsException {
        if (closed) {
            throw new VfsException(Status.STALE, "the file system is closed");
        }
        inside++;
    }

    synchronized void leave() {
        inside--;
        if (closed && inside == 0) {
            notifyAll();
        }
    }

    /** True for the one call that closed it, after the last operation has left. */
    synchronized boolean close() {
        if (closed) {
            return false;
        }
        closed = true;
        boolean interrupted = false;
        while (inside > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return true;
    }
}
