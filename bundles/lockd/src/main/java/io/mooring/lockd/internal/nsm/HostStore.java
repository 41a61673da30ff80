package io.mooring.lockd.internal.nsm;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one service address must not forget, in a directory that may be shared with the nodes to which it moves: its state
 * number, the hosts that may hold locks, and those that are still to be told of a restart. Each change is on stable storage
 * when it returns. A host is a file with its address as name and its caller name as content. Not thread-safe.
 */
final class HostStore {
    /** Which hosts. */
    enum List {
        /** They may hold locks, and reclaim them after a restart. */
        MONITORED("monitored"),
        /** They are to be sent SM_NOTIFY. */
        NOTIFY("notify");

        private final String directory;

        List(String directory) {
            this.directory = directory;
        }
    }

    private static final int MAX_NAME = 1024;

    private final Path directory;

    /**
     * Touches nothing yet.
     *
     * @param state the directory of all addresses
     */
    HostStore(Path state, InetAddress service) {
        directory = state.resolve(text(service));
    }

    /** Without a scope: interfaces are numbered differently elsewhere. */
    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }

    /** The odd one after the state number that was saved last. */
    int nextState() throws IOException {
        int raised = (state() + 2) | 1;
        return raised > 0 ? raised : 1;
    }

    void saveState(int state) throws IOException {
        write(directory, "state", Integer.toString(state));
    }

    /** The state number as it is; made where there is none yet. */
    int keepState() throws IOException {
        int state = state();
        if (state <= 0) {
            state = nextState();
            saveState(state);
        }
        return state;
    }

    /** -1: there is none. */
    private int state() throws IOException {
        Path file = directory.resolve("state");
        try {
            return Integer.parseInt(Files.readString(file).strip());
        } catch (NoSuchFileException e) {
            return -1;
        } catch (NumberFormatException e) {
            throw new IOException(file + " is no number: restore it, or remove it", e);
        }
    }

    /** The hosts and their names. */
    Map<InetAddress, String> read(List list) throws IOException {
        Path hosts = directory.resolve(list.directory);
        Map<InetAddress, String> found = new LinkedHashMap<>();
        if (Files.notExists(hosts)) {
            return found;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(hosts)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                // The characters keep names out: a look-up would block. Drafts have others, too.
                if (name.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*|\\d+(\\.\\d+){3}")) {
                    found.put(InetAddress.getByName(name), callerName(file));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    /** Empty where it cannot be read: who it is, and that is what counts, the file's name says. */
    private static String callerName(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }

    void add(List list, InetAddress client, String name) throws IOException {
        String clean = name.replaceAll("\\p{Cntrl}", "?");
        write(directory.resolve(list.directory), text(client), clean.substring(0, Math.min(MAX_NAME, clean.length())));
    }

    /** That this is not on stable storage at once does no harm: the host is told once more than needed. */
    void remove(List list, InetAddress client) throws IOException {
        Files.deleteIfExists(directory.resolve(list.directory).resolve(text(client)));
    }

    /** Complete and on disk before it has its name. */
    private static void write(Path directory, String name, String content) throws IOException {
        Path known = directory;
        while (known.getParent() != null && Files.notExists(known)) {
            known = known.getParent();
        }
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path draft = Files.createTempFile(
                directory,
                "draft",
                null,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap((content + "\n").getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            move(draft, directory.resolve(name));
        } finally {
            Files.deleteIfExists(draft);
        }
        sync(directory);
        // Up to the one that was there: those around it are others', and perhaps cannot even be read.
        for (Path made = directory; !made.equals(known); made = made.getParent()) {
            sync(made.getParent());
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void move(Path draft, Path file) throws IOException {
        try {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(file + " cannot be replaced at once: use a local file system", e);
        }
    }
}
