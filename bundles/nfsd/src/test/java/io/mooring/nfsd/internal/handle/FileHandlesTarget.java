package io.mooring.nfsd.internal.handle;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.nfsd.internal.FuzzTarget;
import io.mooring.nfsd.internal.handle.FileHandles.FileHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Bytes that a client calls a handle: refused, or exactly what this key would make for what they say. */
public final class FileHandlesTarget implements FuzzTarget {
    private static final byte[] KEY = new byte[16];

    private final FileHandles handles = new FileHandles(KEY);

    /** The first byte says whether a right signature is put behind the rest, so that more than the signature is tried. */
    @Override
    public void run(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] handle = Arrays.copyOfRange(input, 1, input.length);
        if ((input[0] & 1) == 1) {
            long mac = new SipHash(KEY).hash(handle, handle.length);
            handle = ByteBuffer.allocate(handle.length + 8)
                    .put(handle)
                    .putLong(mac)
                    .array();
        }
        Optional<FileHandle> decoded = handles.decode(handle);
        if (decoded.isPresent()) {
            assertThat(handles.encode(decoded.get().fsid(), decoded.get().id())).isEqualTo(handle);
        }
    }
}
