package io.mooring.vfs.local;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;

/** A path's own bytes. Its text has lost them where the JVM's locale could not express them. Stateless. */
final class PathBytes {

    private PathBytes() {}

    /** The absolute path, without a NUL. */
    static byte[] of(Path path) {
        String escaped = path.toAbsolutePath().toUri().getRawPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(escaped, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }
}
