package io.mooring.failover.internal.journal;

import io.mooring.failover.internal.journal.FileHeader.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a journal's two files say together.
 *
 * @param records of each stream, oldest first
 * @param complete whether nothing is missing that was acknowledged
 * @param generation the newest there is; 0 where there is none
 * @param newest the number of that file; 1 where there is none
 * @param bothNeeded whether the other file has what the newest one lacks
 */
record Recovery(Map<String, List<byte[]>> records, boolean complete, long generation, int newest, boolean bothNeeded) {

    /** A file, and how it begins. */
    private record Side(Optional<? extends Source> source, State state, FileHeader header) {
        static Side of(Optional<? extends Source> source, long service, String name)
                throws IOException, ForeignJournalException {
            if (source.isEmpty()) {
                return new Side(source, State.DAMAGED, null);
            }
            ByteBuffer bytes = ByteBuffer.allocateDirect(FileHeader.BYTES);
            source.get().read(bytes, 0);
            bytes.flip();
            State state = FileHeader.state(bytes);
            if (state == State.NEWER) {
                throw new ForeignJournalException(
                        name + " is of a newer format: use the version that wrote it, or newer");
            }
            FileHeader header = state == State.VALID ? FileHeader.decode(bytes) : null;
            if (header != null && header.service() != service) {
                throw new ForeignJournalException(name + " is of another service: put back this service's own file");
            }
            return new Side(source, state, header);
        }

        long generation() {
            return state == State.VALID ? header.generation() : 0;
        }

        FileContent content() throws IOException {
            return FileContent.read(source.orElseThrow(), header);
        }
    }

    /**
     * Reads the files; one that is not there counts as damaged.
     *
     * @param names of the files, for messages
     */
    static Recovery read(List<? extends Optional<? extends Source>> files, List<String> names, long service, UUID boot)
            throws IOException, ForeignJournalException {
        Side[] sides = {Side.of(files.get(0), service, names.get(0)), Side.of(files.get(1), service, names.get(1))};
        int newest = sides[0].generation() > sides[1].generation() ? 0 : 1;
        Side one = sides[newest];
        Side other = sides[1 - newest];
        if (one.state != State.VALID) {
            return new Recovery(Map.of(), false, 0, 1, false);
        }
        FileContent content = one.content();
        Map<String, List<byte[]>> records = new LinkedHashMap<>();
        boolean complete = !content.isDamaged() && !content.isRotated() && other.state != State.DAMAGED;
        boolean bothNeeded = false;
        if (content.isSnapshotWhole()) {
            content.addAllTo(records);
        } else {
            bothNeeded = other.generation() > 0 && other.generation() == one.generation() - 1;
            if (bothNeeded) {
                FileContent before = other.content();
                before.addAllTo(records);
                complete &= before.isSnapshotWhole() && before.isRotated() && !before.isDamaged();
            }
            complete &= bothNeeded;
            content.addEventsTo(records);
        }
        complete &= !one.header.incomplete() || content.isMadeComplete();
        complete &=
                !one.header.async() || content.isClean() || one.header.boot().equals(boot);
        return new Recovery(records, complete, one.generation(), newest, bothNeeded);
    }
}
