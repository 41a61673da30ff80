package io.mooring.vfs.local;

import static io.mooring.vfs.FileSystem.ACCESS_DELETE;
import static io.mooring.vfs.FileSystem.ACCESS_EXECUTE;
import static io.mooring.vfs.FileSystem.ACCESS_EXTEND;
import static io.mooring.vfs.FileSystem.ACCESS_LOOKUP;
import static io.mooring.vfs.FileSystem.ACCESS_MODIFY;
import static io.mooring.vfs.FileSystem.ACCESS_READ;

import io.mooring.posix.PosixFiles;

/** Which permissions of the kernel each ACCESS bit needs (RFC 1813 §3.3.4); bits that make no sense are not
 * granted. Immutable. */
final class AccessBits {
    private static final int CHANGE = PosixFiles.W_OK | PosixFiles.X_OK;

    private static final AccessBits DIRECTORY =
            new AccessBits(PosixFiles.R_OK, PosixFiles.X_OK, CHANGE, CHANGE, CHANGE, 0);
    private static final AccessBits OTHER =
            new AccessBits(PosixFiles.R_OK, 0, PosixFiles.W_OK, PosixFiles.W_OK, 0, PosixFiles.X_OK);

    private static final int[] BITS = {
        ACCESS_READ, ACCESS_LOOKUP, ACCESS_MODIFY, ACCESS_EXTEND, ACCESS_DELETE, ACCESS_EXECUTE
    };

    private final int[] needed;

    private AccessBits(int... needed) {
        this.needed = needed;
    }

    static AccessBits of(OpenObject object) {
        return object.isDirectory() ? DIRECTORY : OTHER;
    }

    /** What to ask the kernel for. */
    int permissions(int wanted) {
        int permissions = 0;
        for (int i = 0; i < BITS.length; i++) {
            if ((wanted & BITS[i]) != 0) {
                permissions |= needed[i];
            }
        }
        return permissions;
    }

    /** The wanted bits whose permissions were all granted. */
    int granted(int wanted, int permissions) {
        int granted = 0;
        for (int i = 0; i < BITS.length; i++) {
            if (needed[i] != 0 && (permissions & needed[i]) == needed[i]) {
                granted |= wanted & BITS[i];
            }
        }
        return granted;
    }
}
