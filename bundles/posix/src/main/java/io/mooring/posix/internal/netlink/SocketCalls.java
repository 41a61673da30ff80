package io.mooring.posix.internal.netlink;

import com.sun.jna.Native;
import com.sun.jna.Platform;

/**
 * The C library's socket calls, directly mapped: addresses and sizes are {@code long} (64-bit Linux). A call that
 * returns -1 leaves its reason in {@link Native#getLastError()}, to be read at once on the same thread. Stateless.
 */
final class SocketCalls {
    static final int AF_NETLINK = 16;
    static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    static final int SOL_SOCKET = 1;
    static final int SO_RCVBUF = 8;
    static final int SO_RCVTIMEO = 20;
    static final int SO_RCVBUFFORCE = 33;
    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;
    static final int EFD_CLOEXEC_NONBLOCK = 0x80000 | 0x800;
    static final short POLLIN = 1;

    static {
        Native.register(SocketCalls.class, Platform.C_LIBRARY_NAME);
    }

    private SocketCalls() {}

    static native int socket(int domain, int type, int protocol);

    static native int bind(int fd, long address, int addressLength);

    static native int getsockname(int fd, long address, long addressLength);

    static native int setsockopt(int fd, int level, int option, long value, int valueLength);

    static native long sendto(int fd, long buffer, long length, int flags, long address, int addressLength);

    static native long recvfrom(int fd, long buffer, long length, int flags, long address, long addressLength);

    static native int poll(long pollfds, long count, int timeoutMillis);

    static native int eventfd(int value, int flags);

    static native long write(int fd, long buffer, long length);

    static native int close(int fd);
}
