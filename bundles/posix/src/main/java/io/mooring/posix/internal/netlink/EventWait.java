package io.mooring.posix.internal.netlink;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import io.mooring.posix.Errno;
import io.mooring.posix.PosixException;
import java.io.Closeable;

/**
 * Waits until a socket has something to read or until another thread says stop: closing a descriptor does not wake who
 * waits for it, so there is an eventfd beside it. {@link #stop} is for any thread, before close; the rest is for one.
 */
final class EventWait implements Closeable {
    private static final int POLLFD_BYTES = 8;

    private final Memory pollfds = new Memory(2 * POLLFD_BYTES);
    private final Memory one = new Memory(Long.BYTES);
    private final int eventfd;

    EventWait(int socketFd) throws PosixException {
        eventfd = SocketCalls.eventfd(0, SocketCalls.EFD_CLOEXEC_NONBLOCK);
        if (eventfd < 0) {
            int errno = Native.getLastError();
            release();
            throw new PosixException("eventfd", errno);
        }
        one.setLong(0, 1);
        pollfds.clear();
        pollfds.setInt(0, socketFd);
        pollfds.setShort(4, SocketCalls.POLLIN);
        pollfds.setInt(POLLFD_BYTES, eventfd);
        pollfds.setShort(POLLFD_BYTES + 4, SocketCalls.POLLIN);
    }

    /** Returns when the socket is ready, an error on it included, or {@link #stop} was called. */
    void await() throws PosixException {
        while (SocketCalls.poll(NetlinkSocket.address(pollfds), 2, -1) < 0) {
            int errno = Native.getLastError();
            if (errno != Errno.EINTR) {
                throw new PosixException("poll", errno);
            }
        }
    }

    void stop() {
        SocketCalls.write(eventfd, NetlinkSocket.address(one), Long.BYTES);
    }

    @Override
    public void close() {
        SocketCalls.close(eventfd);
        release();
    }

    private void release() {
        pollfds.close();
        one.close();
    }
}
