package io.mooring.posix;

import com.sun.jna.Native;

/** Capabilities of the calling thread (capabilities(7)). Thread-safe. */
public final class Capabilities {
    public static final int CAP_CHOWN = 0;
    public static final int CAP_DAC_OVERRIDE = 1;
    public static final int CAP_DAC_READ_SEARCH = 2;
    public static final int CAP_FOWNER = 3;
    public static final int CAP_SETGID = 6;
    public static final int CAP_SETUID = 7;
    public static final int CAP_SYS_RESOURCE = 24;

    private static final int VERSION_3 = 0x20080522;
    private static final int HEADER_INTS = 2;

    private Capabilities() {}

    /** A bit for each capability that takes effect now: {@code 1L << CAP_…}. */
    public static long effective() throws PosixException {
        Scratch scratch = Scratch.mine();
        read(scratch);
        return Integer.toUnsignedLong(scratch.smallInt(HEADER_INTS))
                | Integer.toUnsignedLong(scratch.smallInt(HEADER_INTS + 3)) << 32;
    }

    public static boolean has(int capability) throws PosixException {
        return (effective() >> capability & 1) != 0;
    }

    /** Gives up the effect of one of the first 32 capabilities, on the calling thread only. */
    public static void drop(int capability) throws PosixException {
        Scratch scratch = Scratch.mine();
        read(scratch);
        int now = scratch.smallInt(HEADER_INTS);
        if ((now >> capability & 1) != 0) {
            scratch.setSmallInt(HEADER_INTS, now & ~(1 << capability));
            call("capset", Arch.CAPSET, scratch);
        }
    }

    private static void read(Scratch scratch) throws PosixException {
        scratch.setSmallInt(0, VERSION_3);
        scratch.setSmallInt(1, 0);
        call("capget", Arch.CAPGET, scratch);
    }

    private static void call(String name, long number, Scratch scratch) throws PosixException {
        long header = scratch.smallAddress();
        if (FileCalls.syscall(number, header, header + 4L * HEADER_INTS, 0, 0) != 0) {
            throw new PosixException(name, Native.getLastError());
        }
    }
}
