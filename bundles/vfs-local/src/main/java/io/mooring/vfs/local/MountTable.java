package io.mooring.vfs.local;

import io.mooring.vfs.MountPoint;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Reads what is mounted in the server's mount namespace: proc(5), mountinfo. Stateless. */
final class MountTable {
    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

    /** Fields of a line. */
    private static final int ID = 0;

    private static final int POINT = 4;

    private MountTable() {}

    static List<MountPoint> read() throws VfsException {
        try {
            return parse(Files.readAllBytes(MOUNTINFO));
        } catch (IOException e) {
            throw new VfsException(Status.JUKEBOX, "the mounts of this host cannot be read: " + e);
        }
    }

    static List<MountPoint> parse(byte[] mountinfo) {
        return new String(mountinfo, StandardCharsets.ISO_8859_1)
                .lines()
                .map(line -> line.split(" "))
                .filter(fields -> fields.length > POINT && fields[POINT].startsWith("/"))
                .map(fields -> mount(Long.parseLong(fields[ID]), fields[POINT]))
                .filter(Objects::nonNull)
                .toList();
    }

    /** Null for a path that is no text in this locale: two of them could not be told apart by what the text says. */
    private static MountPoint mount(long id, String escaped) {
        Path path = PathBytes.path(unescaped(escaped));
        return path.toString().indexOf('\ufffd') < 0 ? new MountPoint(id, path) : null;
    }

    /** Space, tab, newline and backslash are written as three octal digits. */
    private static byte[] unescaped(String escaped) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '\\' && i + 4 <= escaped.length()) {
                bytes.write(Integer.parseInt(escaped, i + 1, i + 4, 8));
                i += 3;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }
}
