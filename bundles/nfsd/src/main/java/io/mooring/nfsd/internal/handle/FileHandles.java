package io.mooring.nfsd.internal.handle;

import io.mooring.nfsd.internal.wire.Nfs3;
import io.mooring.vfs.FileId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Makes and checks file handles: version (1 byte), flags (1, zero), the export's fsid (8), the file system's own id of
 * the object (up to 44), and a MAC over all of them (8), so that a client can neither make one up nor leave its export. Equal
 * on every node that has the same key. Immutable.
 */
public final class FileHandles {
    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 2 + 8;
    private static final int MAC_BYTES = 8;

    private final SipHash mac;

    public FileHandles(byte[] key) {
        this.mac = new SipHash(key);
    }

    /** What a genuine handle says. */
    public record FileHandle(long fsid, FileId id) {}

    public byte[] encode(long fsid, FileId id) {
        int signed = HEADER_BYTES + id.bytes().length;
        ByteBuffer handle = ByteBuffer.allocate(signed + MAC_BYTES);
        handle.put(VERSION).put((byte) 0).putLong(fsid).put(id.bytes());
        return handle.putLong(mac.hash(handle.array(), signed)).array();
    }

    /** Whether it looks like a handle of some node, whose key need not be known here. */
    public static boolean isWellFormed(byte[] handle) {
        return handle.length >= HEADER_BYTES + MAC_BYTES
                && handle.length <= Nfs3.FHSIZE
                && handle[0] == VERSION
                && handle[1] == 0;
    }

    /** Empty for anything that this key did not sign. */
    public Optional<FileHandle> decode(byte[] handle) {
        if (!isWellFormed(handle)) {
            return Optional.empty();
        }
        int signed = handle.length - MAC_BYTES;
        ByteBuffer buffer = ByteBuffer.wrap(handle);
        // One comparison of whole words takes the same time wherever they differ.
        if (buffer.getLong(signed) != mac.hash(handle, signed)) {
            return Optional.empty();
        }
        return Optional.of(
                new FileHandle(buffer.getLong(2), new FileId(Arrays.copyOfRange(handle, HEADER_BYTES, signed))));
    }
}
