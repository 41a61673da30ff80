package io.mooring.posix;

import java.io.IOException;

/** A system call failed. */
public final class PosixException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /**
     * @param call the system call's name
     * @param errno see {@link Errno}
     */
    public PosixException(String call, int errno) {
        super(call + ": errno " + errno);
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }
}
