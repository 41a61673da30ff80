package io.mooring.failover.internal.state;

import io.mooring.failover.internal.journal.Directory;
import io.mooring.failover.internal.journal.JournalFiles;
import io.mooring.failover.internal.journal.OpenFile;
import io.mooring.failover.internal.state.StateException.Kind;
import io.mooring.posix.Credentials;
import io.mooring.posix.PosixException;
import io.mooring.posix.Statx;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** The small files of a state directory while it is taken. Owned by the thread that takes. */
final class StateFiles {
    static final String SERVICE = "service";
    static final String OWNER = "owner";
    static final String EPOCH = "epoch";

    private static final int FORMAT = 1;
    private static final int MAX_CONTENT = 4096;
    /** 20 characters always, so that it can be written in place. */
    private static final String EPOCH_TEXT = "%019d\n";

    private final Path path;
    private final Directory directory;

    StateFiles(Path path, Directory directory) {
        this.path = path;
        this.directory = directory;
    }

    Path path() {
        return path;
    }

    Directory directory() {
        return directory;
    }

    /** Makes it accessible to this process's user alone. */
    void secure() throws PosixException, StateException {
        Statx stat = directory.stat();
        int me = Credentials.effectiveUid();
        if (stat.uid() != me) {
            throw refused("belongs to uid " + stat.uid() + ": make it uid " + me + "'s, who runs this");
        }
        if ((stat.mode() & 07777) != 0700) {
            directory.setMode(0700);
        }
    }

    /**
     * Checks whose it is.
     *
     * @return whether nobody has had it yet
     */
    boolean isFresh(String service) throws PosixException, StateException {
        Optional<String> content = directory.read(SERVICE, MAX_CONTENT);
        if (content.isEmpty()) {
            checkEmpty();
            return true;
        }
        Properties properties = parse(content.get());
        String format = properties.getProperty("format", "");
        String name = properties.getProperty("service", "");
        if (!format.matches("[1-9][0-9]{0,8}") || name.isEmpty()) {
            throw refused("has a damaged file \"" + SERVICE + "\": write format=1 and service=" + service
                    + " into it if it is this service's");
        }
        if (Integer.parseInt(format) > FORMAT) {
            throw refused("is of the newer format " + format + ": use the version that wrote it, or newer");
        }
        if (!name.equals(service)) {
            throw refused(
                    "belongs to the service " + name.strip() + ", not to " + service + ": name another directory");
        }
        return false;
    }

    /** What was left when it was taken for the first time, and that was interrupted, does not count. */
    private void checkEmpty() throws PosixException, StateException {
        Set<String> names = new HashSet<>(directory.names());
        names.removeAll(JournalFiles.NAMES);
        names.removeAll(List.of(OWNER, EPOCH, "lost+found"));
        names.removeIf(name -> name.endsWith(".new"));
        if (!names.isEmpty()) {
            throw refused("is not empty, and has no file \"" + SERVICE + "\": name an empty directory");
        }
    }

    private static Properties parse(String content) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(content));
        } catch (IOException | IllegalArgumentException e) {
            properties.clear();
        }
        return properties;
    }

    void writeService(String service) throws PosixException {
        directory.replace(SERVICE, "format=" + FORMAT + "\nservice=" + service + "\n");
    }

    /** The number in the file; 0 where there is none. */
    long epoch() throws PosixException, StateException {
        return epoch(directory)
                .orElseThrow(() -> refused(
                        "has a file \"" + EPOCH + "\" that is no number: write one into it that was never used"));
    }

    /** Empty where what is there is no number. */
    static Optional<Long> epoch(Directory directory) throws PosixException {
        Optional<String> content = directory.read(EPOCH, MAX_CONTENT);
        if (content.isEmpty()) {
            return Optional.of(0L);
        }
        String text = content.get().strip();
        return text.matches("[0-9]{1,18}|0[0-9]{18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    /**
     * On stable storage when it returns. In place: so few bytes of one sector are written all or not at all, a full file system has
     * room for them, and no metadata have to be waited for.
     */
    void writeEpoch(long epoch) throws PosixException {
        String text = EPOCH_TEXT.formatted(epoch);
        Optional<OpenFile> found = directory.find(EPOCH);
        if (found.isEmpty()) {
            directory.replace(EPOCH, text);
            return;
        }
        try (OpenFile file = found.get()) {
            if (file.size() == text.length()) {
                file.write(Directory.direct(text), 0);
                file.sync();
                return;
            }
        }
        directory.replace(EPOCH, text);
    }

    private StateException refused(String what) {
        return new StateException(Kind.REFUSED, path + " " + what);
    }
}
