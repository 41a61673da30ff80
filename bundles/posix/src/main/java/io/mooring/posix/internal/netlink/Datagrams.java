package io.mooring.posix.internal.netlink;

import io.mooring.posix.PosixException;
import java.nio.ByteBuffer;

/** What a question to the kernel needs of a socket. */
interface Datagrams {

    void send(ByteBuffer request) throws PosixException;

    /** Waits for the next datagram; the buffer is valid until the next call. */
    ByteBuffer receive() throws PosixException;
}
