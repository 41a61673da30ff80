package io.mooring.failover.internal.journal;

import io.mooring.posix.Errno;
import io.mooring.posix.PosixException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Opens a journal: reads what is in its two files, and begins a new generation with all of it. What a torn end left behind is so
 * never read again. Owned by the thread that opens.
 */
public final class JournalFiles implements AutoCloseable {
    /** The files, in a service's state directory. */
    public static final List<String> NAMES = List.of("journal.0", "journal.1");

    private static final String DRAFT = "journal.new";
    private static final byte[] NOTHING = {};

    private final Directory directory;
    private final JournalOptions options;
    private final List<Optional<OpenFile>> files = new ArrayList<>();

    private JournalFiles(Directory directory, JournalOptions options) {
        this.directory = directory;
        this.options = options;
    }

    /**
     * Opens it; on stable storage when it returns.
     *
     * @throws PosixException ENOSPC, EDQUOT where there is no room for it
     */
    public static Journal open(Directory directory, JournalOptions options)
            throws IOException, ForeignJournalException {
        try (JournalFiles files = new JournalFiles(directory, options)) {
            return files.open();
        }
    }

    private Journal open() throws IOException, ForeignJournalException {
        for (String name : NAMES) {
            files.add(directory.find(name));
        }
        Recovery found = Recovery.read(files, NAMES, FileHeader.hash(options.service()), options.boot());
        boolean complete = found.complete() || (options.fresh() && found.generation() <= 1);
        int place = 1 - found.newest();
        ActiveFile active = begin(found, place, complete);
        OpenFile spare = spare(found.newest());
        files.clear(); // both are the journal's from now on
        Pending pending = new Pending(options.sync());
        Writer writer = new Writer(pending, active, spare);
        Journal journal = new Journal(options.service(), complete, pending, writer, found.records());
        journal.start();
        return journal;
    }

    /** Writes the new generation to the place of the older file. */
    private ActiveFile begin(Recovery found, int place, boolean complete) throws IOException {
        long needed = size(found);
        boolean inPlace = isUsable(place) && !found.bothNeeded();
        if (inPlace) {
            enlarge(files.get(place).orElseThrow(), needed);
        } else {
            create(place, Math.max(options.bytes(), 4 * needed));
        }
        OpenFile file = files.get(place).orElseThrow();
        FileHeader header = new FileHeader(
                found.generation() + 1,
                FileHeader.hash(options.service()),
                options.boot(),
                !options.sync(),
                !complete,
                file.size());
        ActiveFile active = new ActiveFile(file, header);
        write(active, found.records());
        if (inPlace) {
            file.sync(); // its old header holds until all is there
        }
        active.writeHeader();
        file.sync();
        if (!inPlace) {
            directory.rename(DRAFT, NAMES.get(place));
        }
        return active;
    }

    private static long size(Recovery found) {
        long size = (long) FileHeader.BYTES + RecordCodec.size(0);
        for (Map.Entry<String, List<byte[]>> stream : found.records().entrySet()) {
            size += RecordCodec.size(name(stream).length);
            for (byte[] record : stream.getValue()) {
                size += RecordCodec.size(record.length);
            }
        }
        return size;
    }

    private static void write(ActiveFile active, Map<String, List<byte[]>> records) throws IOException {
        int number = 0;
        for (Map.Entry<String, List<byte[]>> stream : records.entrySet()) {
            number++;
            active.add(Kind.STREAM, number, name(stream));
            for (byte[] record : stream.getValue()) {
                active.add(Kind.SNAPSHOT, number, record);
            }
        }
        active.add(Kind.SNAPSHOT_END, 0, NOTHING);
        active.flush();
        active.beginsWithWhatWasFound();
    }

    private static byte[] name(Map.Entry<String, List<byte[]>> stream) {
        return stream.getKey().getBytes(StandardCharsets.UTF_8);
    }

    /** The file for the generation after the new one. */
    private OpenFile spare(int place) throws IOException {
        if (isUsable(place)) {
            enlarge(files.get(place).orElseThrow(), 0);
        } else {
            create(place, options.bytes());
            files.get(place).orElseThrow().sync();
            directory.rename(DRAFT, NAMES.get(place));
        }
        return files.get(place).orElseThrow();
    }

    /** Others who have a file open, and don't know yet that they lost the service, may write to it. */
    private boolean isUsable(int place) {
        return options.exclusive() && files.get(place).isPresent();
    }

    /** Reserves what there is, and more where that is possible: a full file system must not keep a service from moving. */
    private void enlarge(OpenFile file, long needed) throws IOException {
        long size = file.size();
        try {
            file.reserve(Math.max(size, Math.max(options.bytes(), 4 * needed)));
        } catch (PosixException e) {
            if (!isFull(e) || size < 2 * needed || size < JournalOptions.MIN_BYTES) {
                throw e;
            }
            file.reserve(size);
        }
    }

    private static boolean isFull(PosixException e) {
        return e.errno() == Errno.ENOSPC || e.errno() == Errno.EDQUOT;
    }

    private void create(int place, long size) throws IOException {
        OpenFile file = directory.create(DRAFT);
        files.set(place, Optional.of(file)).ifPresent(OpenFile::close);
        try {
            file.reserve(size);
        } catch (PosixException e) {
            directory.remove(DRAFT);
            throw e;
        }
    }

    /** What was not handed over. */
    @Override
    public void close() {
        files.forEach(file -> file.ifPresent(OpenFile::close));
    }
}
