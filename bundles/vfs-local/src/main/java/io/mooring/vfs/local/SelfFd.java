package io.mooring.vfs.local;

import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.vfs.VfsException;
import java.nio.charset.StandardCharsets;

/**
 * The process's directory of its own descriptors: the way to reopen, link or chmod what an O_PATH descriptor is open on.
 * The kernel lets every thread of the process use it, whatever the thread's identity. Thread-safe.
 */
final class SelfFd implements AutoCloseable {
    private static final String PATH = "/proc/self/fd";

    private final int directory;

    SelfFd() throws VfsException {
        Scratch scratch = Scratch.mine();
        int flags = PosixFiles.O_PATH | PosixFiles.O_DIRECTORY | PosixFiles.O_CLOEXEC;
        directory = Failures.check(
                PosixFiles.openat(PosixFiles.AT_FDCWD, scratch.name(ascii(PATH)), flags, 0), "open " + PATH);
    }

    int directory() {
        return directory;
    }

    /** The name of a descriptor in the directory, in the thread's area for other names. */
    static long name(int descriptor, Scratch scratch) {
        return scratch.otherName(ascii(Integer.toString(descriptor)));
    }

    /** The same as a whole path. */
    static long path(int descriptor, Scratch scratch) {
        return scratch.otherName(ascii(PATH + "/" + descriptor));
    }

    /** Opens the same object anew: a descriptor or a negative errno. */
    int reopen(int descriptor, int flags, Scratch scratch) {
        return PosixFiles.openat(directory, name(descriptor, scratch), flags | PosixFiles.O_CLOEXEC, 0);
    }

    @Override
    public void close() {
        PosixFiles.close(directory);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
