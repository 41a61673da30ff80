package io.mooring.nfsd.internal.scopes;

import io.mooring.nfsd.internal.exports.Export;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which directories a service's exports are, by the ids in file handles: written down in its state when they are first served,
 * one line each (fsid, id, path). Where the file system is not mounted yet there is often an empty directory in its place. It
 * has another id, and must not be served: clients would be told that their files are gone. Used by one thread at a time.
 */
final class ExportRoots {
    private static final HexFormat HEX = HexFormat.of();

    private final Path file;

    ExportRoots(Path directory) {
        this.file = directory.resolve("roots");
    }

    /**
     * Compares, and writes down those that are new.
     *
     * @throws IOException naming the one that is another directory than it was, and what to do
     */
    void require(String service, List<Export> exports) throws IOException {
        List<String> before = Files.exists(file)
                ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                        .lines()
                        .toList()
                : List.of();
        Map<String, String> known = new HashMap<>();
        for (String line : before) {
            String[] words = line.split(" ", 3);
            known.put(words[0], words.length > 1 ? words[1] : "");
        }
        for (Export export : exports) {
            String expected = known.get(fsid(export));
            if (expected != null && !expected.equals(root(export))) {
                throw new IOException(export.definition().path() + " is another directory than when service " + service
                        + " was first served: is its file system mounted? If it was replaced for good, remove its line"
                        + " from " + file);
            }
        }
        List<String> now = exports.stream()
                .map(export -> fsid(export) + " " + root(export) + " "
                        + export.definition().path())
                .toList();
        if (!now.equals(before)) {
            write(now);
        }
    }

    private static String fsid(Export export) {
        return HEX.toHexDigits(export.fsid());
    }

    private static String root(Export export) {
        return HEX.formatHex(export.fileSystem().root().bytes());
    }

    /** A crash leaves the old file or the new one. */
    private void write(List<String> lines) throws IOException {
        String text = lines.stream().map(line -> line + "\n").collect(Collectors.joining());
        Path draft = file.resolveSibling("roots.new");
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        OwnDirectory.sync(file.getParent());
    }
}
