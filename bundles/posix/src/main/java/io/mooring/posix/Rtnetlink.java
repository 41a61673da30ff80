package io.mooring.posix;

import io.mooring.posix.internal.netlink.RouteSocket;
import java.io.Closeable;
import java.nio.channels.AsynchronousCloseException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The kernel's news of addresses and links, by rtnetlink(7), in the network namespace of the thread that opens it.
 * Thread-safe: one call at a time, except for {@link #close}, which ends a {@link #receive} that waits.
 */
public final class Rtnetlink implements Closeable {
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final RouteSocket socket;

    private Rtnetlink(RouteSocket socket) {
        this.socket = socket;
    }

    /**
     * Subscribes to addresses (IPv4, IPv6) and links.
     *
     * @param receiveBufferBytes how much news may wait in the kernel; 0 for the system's default
     */
    public static Rtnetlink open(int receiveBufferBytes) throws PosixException {
        return new Rtnetlink(RouteSocket.open(receiveBufferBytes));
    }

    /**
     * Waits for news; they come in the order in which they happened. The list is empty where they were of no interest.
     *
     * @throws PosixException ENOBUFS: the kernel had to drop news. {@link #discard} what still waits, then ask for
     *     {@link #addresses} again.
     * @throws AsynchronousCloseException closed, by this or another thread
     */
    public List<RtEvent> receive() throws PosixException, AsynchronousCloseException {
        lock.lock();
        try {
            while (true) {
                checkOpen();
                var events = socket.receiveNow();
                if (events.isPresent()) {
                    return events.get();
                }
                socket.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Throws away what waits: news older than the answer to the next question. */
    public void discard() throws PosixException, AsynchronousCloseException {
        lock.lock();
        try {
            checkOpen();
            socket.discard();
        } finally {
            lock.unlock();
        }
    }

    /**
     * All addresses of all interfaces now. While they keep changing it may list one that is gone already (its
     * {@link RtEvent.AddressGone} waits then), but never lacks one that was there all the time.
     */
    public Set<RtAddress> addresses() throws PosixException, AsynchronousCloseException {
        lock.lock();
        try {
            checkOpen();
            return socket.addresses();
        } finally {
            lock.unlock();
        }
    }

    /** All interfaces now. */
    public Set<RtLink> links() throws PosixException, AsynchronousCloseException {
        lock.lock();
        try {
            checkOpen();
            return socket.links();
        } finally {
            lock.unlock();
        }
    }

    private void checkOpen() throws AsynchronousCloseException {
        if (closed.get()) {
            throw new AsynchronousCloseException();
        }
    }

    /** Closes it; the second time does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            socket.stop();
            // The descriptors may be reused as soon as they are closed: nobody may be waiting for them any more.
            lock.lock();
            try {
                socket.close();
            } finally {
                lock.unlock();
            }
        }
    }
}
