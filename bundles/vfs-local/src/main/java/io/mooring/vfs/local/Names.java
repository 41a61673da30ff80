package io.mooring.vfs.local;

import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;

/** Checks names before they go to the kernel, which would take a '/' as a path. Stateless. */
final class Names {
    private static final int MAX_BYTES = 255;
    private static final int MAX_TARGET_BYTES = 4095;

    private Names() {}

    /** One path component, "." and ".." included. */
    static byte[] component(byte[] name) throws VfsException {
        if (name.length > MAX_BYTES) {
            throw new VfsException(Status.NAMETOOLONG, "a name of " + name.length + " bytes");
        }
        if (name.length == 0) {
            throw new VfsException(Status.INVAL, "an empty name");
        }
        for (byte b : name) {
            if (b == '/' || b == 0) {
                throw new VfsException(Status.INVAL, "a name with a slash or a NUL");
            }
        }
        return name;
    }

    /** The name of something that is to be made: "." and ".." are there already. */
    static byte[] fresh(byte[] name) throws VfsException {
        if (isDot(name) || isDotDot(name)) {
            throw new VfsException(Status.EXIST, "\".\" and \"..\" exist always");
        }
        return component(name);
    }

    /** The name of something that is to be removed or renamed. */
    static byte[] existing(byte[] name) throws VfsException {
        if (isDot(name) || isDotDot(name)) {
            throw new VfsException(Status.INVAL, "\".\" and \"..\" stay");
        }
        return component(name);
    }

    /** What a symbolic link is to say. */
    static byte[] target(byte[] path) throws VfsException {
        if (path.length > MAX_TARGET_BYTES) {
            throw new VfsException(Status.NAMETOOLONG, "a link target of " + path.length + " bytes");
        }
        for (byte b : path) {
            if (b == 0) {
                throw new VfsException(Status.INVAL, "a link target with a NUL");
            }
        }
        return path;
    }

    static boolean isDot(byte[] name) {
        return name.length == 1 && name[0] == '.';
    }

    static boolean isDotDot(byte[] name) {
        return name.length == 2 && name[0] == '.' && name[1] == '.';
    }
}
