package io.mooring.failover.internal.machine;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who has been told that the journal lacked something: each participant must be told once, also one that comes when the journal
 * counts as complete again. The stream's records are names of participants, and an empty one where something was found to be
 * missing. Thread-safe by its monitor.
 */
final class Completeness {
    private final HeldState.Stream stream;
    private final Set<String> told = new LinkedHashSet<>();
    private boolean lacking;

    /**
     * Reads what is known.
     *
     * @param complete whether the journal is now
     */
    Completeness(HeldState.Stream stream, boolean complete) {
        this.stream = stream;
        stream.replay(record -> read(new String(record, StandardCharsets.UTF_8)));
        if (!complete) {
            read("");
            stream.append(new byte[0]);
        }
    }

    private void read(String record) {
        if (record.isEmpty()) {
            lacking = true;
            told.clear();
        } else {
            told.add(record);
        }
    }

    /** Whether the journal has all that was promised to the clients of this participant. */
    synchronized boolean isCompleteFor(String participant) {
        return !lacking || told.contains(participant);
    }

    /** These have taken it, and have written what they need where something was missing. */
    synchronized void told(Set<String> participants) {
        if (lacking) {
            participants.stream()
                    .filter(told::add)
                    .forEach(name -> stream.append(name.getBytes(StandardCharsets.UTF_8)));
        }
        stream.snapshotBy(this::snapshot);
    }

    private synchronized List<byte[]> snapshot() {
        return Stream.concat(lacking ? Stream.of("") : Stream.empty(), told.stream())
                .map(record -> record.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
