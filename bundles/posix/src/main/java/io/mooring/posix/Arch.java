package io.mooring.posix;

import com.sun.jna.Native;
import com.sun.jna.Platform;

/** What differs between the processor architectures that are supported: x86-64 and AArch64. Immutable. */
final class Arch {
    private static final boolean X86 = Platform.isIntel();

    static final long GETDENTS64 = X86 ? 217 : 61;
    static final long MKNODAT = X86 ? 259 : 33;
    static final long SETFSUID = X86 ? 122 : 151;
    static final long SETFSGID = X86 ? 123 : 152;
    static final long SETGROUPS = X86 ? 116 : 159;
    static final long GETGROUPS = X86 ? 115 : 158;
    static final long CAPGET = X86 ? 125 : 90;
    static final long CAPSET = X86 ? 126 : 91;
    static final long FACCESSAT2 = 439;

    static final int O_DIRECTORY = X86 ? 0x10000 : 0x4000;
    static final int O_NOFOLLOW = X86 ? 0x20000 : 0x8000;

    private Arch() {}

    static void check() {
        if (!Platform.isLinux() || !(Platform.isIntel() || Platform.isARM()) || Native.POINTER_SIZE != 8) {
            throw new UnsupportedOperationException("Mooring's system calls are known for Linux on x86-64 and AArch64"
                    + " only, not for " + System.getProperty("os.name") + " on " + System.getProperty("os.arch"));
        }
    }
}
