package io.mooring.failover.internal.journal;

import io.mooring.failover.internal.journal.RecordReader.Item;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the records of one file say. Owned by the thread that reads it. */
final class FileContent {
    private final Map<String, List<byte[]>> snapshots = new LinkedHashMap<>();
    private final Map<String, List<byte[]>> events = new LinkedHashMap<>();
    private final Map<Integer, String> names = new HashMap<>();
    private boolean snapshotWhole;
    private boolean madeComplete;
    private boolean damaged;
    private Optional<Kind> last = Optional.empty();

    private FileContent() {}

    static FileContent read(Source source, FileHeader header) throws IOException {
        FileContent content = new FileContent();
        RecordReader reader = new RecordReader(source, header.generation());
        Optional<Item> item = reader.next();
        while (item.isPresent() && content.add(item.get())) {
            item = reader.next();
        }
        // Nothing is written behind the last record of a file.
        content.damaged |= source.size() < header.size() || (!content.isEnded() && reader.isDamaged());
        return content;
    }

    /** False where nothing can come behind it, or it makes no sense. */
    private boolean add(Item item) {
        last = Optional.of(item.kind());
        switch (item.kind()) {
            case STREAM -> names.put(item.stream(), new String(item.payload(), StandardCharsets.UTF_8));
            case SNAPSHOT -> add(snapshots, item);
            case EVENT -> add(events, item);
            case SNAPSHOT_END -> snapshotWhole = true;
            case COMPLETE -> madeComplete = true;
            case ROTATED, CLEAN -> {}
        }
        return !damaged && !isEnded();
    }

    private void add(Map<String, List<byte[]>> records, Item item) {
        String name = names.get(item.stream());
        if (name == null) {
            damaged = true;
        } else {
            records.computeIfAbsent(name, none -> new ArrayList<>()).add(item.payload());
        }
    }

    private boolean isEnded() {
        return isRotated() || isClean();
    }

    /** Whether the other file goes on where this one ends. */
    boolean isRotated() {
        return last.equals(Optional.of(Kind.ROTATED));
    }

    boolean isClean() {
        return last.equals(Optional.of(Kind.CLEAN));
    }

    /** Whether all is in this file. */
    boolean isSnapshotWhole() {
        return snapshotWhole;
    }

    /** Whether something was lost in the middle of it. */
    boolean isDamaged() {
        return damaged;
    }

    boolean isMadeComplete() {
        return madeComplete;
    }

    /** Adds the snapshots, then the events. */
    void addAllTo(Map<String, List<byte[]>> records) {
        addTo(records, snapshots);
        addEventsTo(records);
    }

    void addEventsTo(Map<String, List<byte[]>> records) {
        addTo(records, events);
    }

    private static void addTo(Map<String, List<byte[]>> records, Map<String, List<byte[]>> more) {
        more.forEach((name, found) ->
                records.computeIfAbsent(name, none -> new ArrayList<>()).addAll(found));
    }
}
