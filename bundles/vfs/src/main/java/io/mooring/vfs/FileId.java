package io.mooring.vfs;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * Names one object of a file system for as long as it exists: across renames, restarts and nodes. Opaque bytes that the
 * file system made (on Linux the kernel's own file handle), at most {@value #MAX_BYTES}. Immutable.
 */
public final class FileId {
    /** What fits into an NFSv3 handle beside version, fsid and MAC. */
    public static final int MAX_BYTES = 44;

    private final byte[] bytes;
    private final int hash;

    /** Takes the array over. */
    public FileId(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("a file id has at most " + MAX_BYTES + " bytes, not " + bytes.length);
        }
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    /** The bytes; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileId that && hash == that.hash && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
