package io.mooring.failover.internal.state;

import io.mooring.posix.Errno;
import io.mooring.posix.PosixException;
import java.io.IOException;
import java.nio.file.Path;

/** A state directory can't be taken. The message is one line that names the directory, and says what to do. */
public final class StateException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What there is to do. */
    public enum Kind {
        /** It, or its file system, is not there yet, or does not answer: to be tried again. */
        MISSING,
        /** Another node, or another process, has it: to be tried again. */
        OWNED,
        /** It is not what it should be: somebody has to see to it. */
        REFUSED
    }

    StateException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    private StateException(Kind kind, String message, IOException cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** What a failure on a state directory means. */
    static StateException of(Path directory, IOException e) {
        int errno = e instanceof PosixException posix ? posix.errno() : Errno.EIO;
        String what = switch (errno) {
            case Errno.ENOENT -> "is not there: mount its file system, or make it";
            case Errno.ENOTDIR -> "is not a directory: name one";
            case Errno.EROFS -> "is read-only: mount its file system read-write";
            case Errno.ENOSPC, Errno.EDQUOT -> "has no room for the journal: make room, or make journalBytes smaller";
            case Errno.EACCES, Errno.EPERM -> "is not accessible: give it to the user that runs this";
            case Errno.EINVAL, Errno.ELOOP, Errno.EISDIR, Errno.ENXIO ->
                "has something in it that is not a plain file: remove it";
            default -> "does not answer: see to its file system";
        };
        return new StateException(
                isRefusal(errno) ? Kind.REFUSED : Kind.MISSING,
                directory + " " + what + " (" + e.getMessage() + ")",
                e);
    }

    private static boolean isRefusal(int errno) {
        return switch (errno) {
            case Errno.ENOTDIR,
                    Errno.EROFS,
                    Errno.ENOSPC,
                    Errno.EDQUOT,
                    Errno.EACCES,
                    Errno.EPERM,
                    Errno.EINVAL,
                    Errno.ELOOP,
                    Errno.EISDIR,
                    Errno.ENXIO -> true;
            default -> false;
        };
    }
}
