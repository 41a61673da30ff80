package io.mooring.posix.internal.netlink;

import static io.mooring.posix.internal.netlink.SocketCalls.AF_NETLINK;
import static io.mooring.posix.internal.netlink.SocketCalls.SOL_SOCKET;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.mooring.posix.Errno;
import io.mooring.posix.PosixException;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A netlink socket in the network namespace of the thread that opens it. Not thread-safe: one thread at a time, closing
 * included.
 */
public final class NetlinkSocket implements Datagrams, Closeable {
    public static final int NETLINK_ROUTE = 0;
    public static final int NETLINK_SOCK_DIAG = 4;

    /** The kernel never fills more than 32 KiB with a dump; a notification is far smaller. */
    private static final int BUFFER_BYTES = 64 * 1024;

    private static final int SOCKADDR_NL_BYTES = 12;
    private static final int TIMEVAL_BYTES = 16;
    private static final int CLOSED = -1;

    private final Memory buffer = new Memory(BUFFER_BYTES);
    private final Memory sender = new Memory(SOCKADDR_NL_BYTES);
    private final Memory senderLength = new Memory(Integer.BYTES);
    private int fd;

    private NetlinkSocket(int fd) {
        this.fd = fd;
    }

    /**
     * Opens and binds one.
     *
     * @param protocol NETLINK_ROUTE or NETLINK_SOCK_DIAG
     * @param groups the multicast groups to join as a mask (RTMGRP_…); 0 for none
     */
    public static NetlinkSocket open(int protocol, int groups) throws PosixException {
        int fd = SocketCalls.socket(AF_NETLINK, SocketCalls.SOCK_RAW_CLOEXEC, protocol);
        if (fd < 0) {
            throw new PosixException("socket", Native.getLastError());
        }
        NetlinkSocket socket = new NetlinkSocket(fd);
        try {
            socket.bind(groups);
        } catch (PosixException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    int fd() {
        return fd;
    }

    /** Bytes that may wait in the kernel (SO_RCVBUF; beyond the system's limit where that is permitted). */
    public void receiveBuffer(int bytes) throws PosixException {
        try (Memory value = new Memory(Integer.BYTES)) {
            value.setInt(0, bytes);
            int forced = SocketCalls.setsockopt(fd, SOL_SOCKET, SocketCalls.SO_RCVBUFFORCE, address(value), 4);
            if (forced < 0) {
                check("setsockopt", SocketCalls.setsockopt(fd, SOL_SOCKET, SocketCalls.SO_RCVBUF, address(value), 4));
            }
        }
    }

    /** A receive that waits longer fails with EAGAIN. */
    public void receiveTimeout(int seconds) throws PosixException {
        try (Memory value = new Memory(TIMEVAL_BYTES)) {
            value.setLong(0, seconds);
            value.setLong(8, 0);
            int result = SocketCalls.setsockopt(fd, SOL_SOCKET, SocketCalls.SO_RCVTIMEO, address(value), TIMEVAL_BYTES);
            check("setsockopt", result);
        }
    }

    @Override
    public void send(ByteBuffer request) throws PosixException {
        int length = request.remaining();
        buffer.getByteBuffer(0, length).put(request.duplicate());
        while (SocketCalls.sendto(fd, address(buffer), length, 0, 0, 0) < 0) {
            int errno = Native.getLastError();
            if (errno != Errno.EINTR) {
                throw new PosixException("sendto", errno);
            }
        }
    }

    /**
     * The next datagram from the kernel; the buffer is valid until the next call.
     *
     * @throws PosixException ENOBUFS also for a datagram that did not fit: something was lost either way
     */
    @Override
    public ByteBuffer receive() throws PosixException {
        return receive(0).orElseThrow(() -> new PosixException("recvfrom", Errno.EAGAIN));
    }

    /** As {@link #receive()}, but empty instead of waiting. */
    public Optional<ByteBuffer> receiveNow() throws PosixException {
        return receive(SocketCalls.MSG_DONTWAIT);
    }

    private Optional<ByteBuffer> receive(int flags) throws PosixException {
        while (true) {
            senderLength.setInt(0, SOCKADDR_NL_BYTES);
            long length = SocketCalls.recvfrom(
                    fd,
                    address(buffer),
                    BUFFER_BYTES,
                    flags | SocketCalls.MSG_TRUNC,
                    address(sender),
                    address(senderLength));
            if (length < 0) {
                int errno = Native.getLastError();
                if (errno == Errno.EAGAIN) {
                    return Optional.empty();
                }
                if (errno != Errno.EINTR) {
                    throw new PosixException("recvfrom", errno);
                }
            } else if (sender.getInt(4) == 0) { // nl_pid 0: from the kernel, not from another process
                if (length > BUFFER_BYTES) {
                    throw new PosixException("recvfrom", Errno.ENOBUFS);
                }
                return Optional.of(buffer.getByteBuffer(0, length).order(ByteOrder.nativeOrder()));
            }
        }
    }

    private void bind(int groups) throws PosixException {
        try (Memory address = new Memory(SOCKADDR_NL_BYTES)) {
            address.clear();
            address.setShort(0, (short) AF_NETLINK);
            address.setInt(8, groups);
            check("bind", SocketCalls.bind(fd, address(address), SOCKADDR_NL_BYTES));
        }
    }

    /** Closes it; the second time does nothing. */
    @Override
    public void close() {
        if (fd != CLOSED) {
            SocketCalls.close(fd);
            fd = CLOSED;
            buffer.close();
            sender.close();
            senderLength.close();
        }
    }

    private static void check(String call, int result) throws PosixException {
        if (result < 0) {
            throw new PosixException(call, Native.getLastError());
        }
    }

    static long address(Memory memory) {
        return Pointer.nativeValue(memory);
    }
}
