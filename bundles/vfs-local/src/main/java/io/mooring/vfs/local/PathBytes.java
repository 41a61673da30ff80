package io.mooring.vfs.local;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.HexFormat;

/** A path's own bytes. Its text has lost them where the JVM's locale could not express them. Stateless. */
final class PathBytes {

    private PathBytes() {}

    /** The path of these bytes, which begin with a slash. */
    static Path path(byte[] bytes) {
        StringBuilder escaped = new StringBuilder("file://");
        for (byte b : bytes) {
            escaped.append(b == '/' ? "/" : "%" + HexFormat.of().toHexDigits(b));
        }
        return Path.of(URI.create(escaped.toString()));
    }

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
