package io.mooring.failover.internal.journal;

import static io.mooring.failover.internal.journal.JournalRig.FRESH;
import static io.mooring.failover.internal.journal.JournalRig.SYNC;
import static io.mooring.failover.internal.journal.JournalRig.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal that is cut, or has a wrong bit, at any place. */
class DamageTest {
    private static final int HEADER_END = 60;

    @TempDir
    Path directory;

    /** Both files. */
    private record Pair(byte[][] content, int newest) {
        Recovery recover() throws IOException, ForeignJournalException {
            return JournalRig.recover(content[0], content[1]);
        }

        Pair with(int file, byte[] changed) {
            byte[][] copy = content.clone();
            copy[file] = changed;
            return new Pair(copy, newest);
        }

        Pair flipped(int file, int at, int bit) {
            byte[] changed = content[file].clone();
            changed[at] ^= (byte) (1 << bit);
            return with(file, changed);
        }

        /** Where the records of a file end. */
        int end(int file) throws IOException {
            long generation = FileHeader.decode(ByteBuffer.wrap(content[file])).generation();
            RecordReader reader = new RecordReader(new JournalRig.Image(content[file]), generation);
            int end = FileHeader.BYTES;
            for (var item = reader.next(); item.isPresent(); item = reader.next()) {
                end += RecordCodec.size(item.get().payload().length);
            }
            return end;
        }
    }

    private static Pair files(JournalRig rig) throws IOException {
        return new Pair(new byte[][] {rig.content(0), rig.content(1)}, rig.newest());
    }

    /** Five records, two of them in the snapshot of the newest file; with the clean mark, or without. */
    private Pair small(boolean clean) throws Exception {
        JournalRig rig = new JournalRig(directory);
        rig.open(FRESH);
        rig.journal.stream("lockd").write(bytes("one"));
        rig.journal.stream("lockd").write(bytes("two two"));
        rig.close();
        rig.open(SYNC);
        for (String record : List.of("three", "four", "5")) {
            rig.journal.stream("lockd").write(bytes(record));
        }
        if (clean) {
            rig.close();
        } else {
            rig.crash();
        }
        return files(rig);
    }

    /** Ends while both files are needed. */
    private Pair between() throws Exception {
        JournalRig rig = new JournalRig(directory);
        rig.open(FRESH);
        Stream stream = rig.journal.stream("lockd");
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        stream.snapshotBy(() -> {
            asked.countDown();
            await(answer);
            return List.of();
        });
        for (int i = 0; i < 6; i++) {
            stream.write(bytes("record " + i));
            stream.write(new byte[6000]);
        }
        await(asked);
        stream.write(bytes("later"));
        stream.write(bytes("last"));
        rig.journal.fail(new IOException("crashed"));
        answer.countDown();
        rig.close();
        return files(rig);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> records(Recovery recovery) {
        return recovery.records().getOrDefault("lockd", List.of()).stream()
                .map(JournalRig::text)
                .toList();
    }

    /** Whether it is how all begins. */
    private static boolean isPart(List<String> some, List<String> all) {
        return some.size() <= all.size() && all.subList(0, some.size()).equals(some);
    }

    @Test
    void aWrongBitAnywhereBeforeTheCleanMarkIsNoticed() throws Exception {
        Pair files = small(true);
        List<String> all = records(files.recover());
        assertThat(all).containsExactly("one", "two two", "three", "four", "5");
        int end = files.end(files.newest);
        int mark = end - RecordCodec.size(0);
        for (int at = FileHeader.BYTES; at < end; at++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                Recovery recovery = files.flipped(files.newest, at, bit).recover();
                assertThat(isPart(records(recovery), all)).as("byte %d", at).isTrue();
                assertThat(recovery.complete()).as("byte %d", at).isEqualTo(at >= mark);
            }
        }
    }

    @Test
    void aWrongBitInTheMiddleIsNoticedWithoutACleanMark() throws Exception {
        Pair files = small(false);
        List<String> all = records(files.recover());
        int end = files.end(files.newest);
        int last = end - RecordCodec.size(1);
        for (int at = FileHeader.BYTES; at < end; at++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                Recovery recovery = files.flipped(files.newest, at, bit).recover();
                assertThat(isPart(records(recovery), all)).as("byte %d", at).isTrue();
                // The last one can't be told from one that was never acknowledged.
                assertThat(recovery.complete()).as("byte %d", at).isEqualTo(at >= last);
            }
        }
    }

    @Test
    void aWrongBitInAHeaderIsNoticed() throws Exception {
        Pair files = small(true);
        List<String> all = records(files.recover());
        for (int file = 0; file < 2; file++) {
            for (int at = 0; at < FileHeader.BYTES; at++) {
                Recovery recovery = files.flipped(file, at, at % Byte.SIZE).recover();
                assertThat(isPart(records(recovery), all)).as("byte %d", at).isTrue();
                assertThat(recovery.complete()).as("byte %d", at).isEqualTo(at >= HEADER_END);
            }
        }
    }

    @Test
    void whatIsNotNeededMayBeDamaged() throws Exception {
        Pair files = small(true);
        int other = 1 - files.newest;
        byte[] garbage = files.content[other].clone();
        Arrays.fill(garbage, FileHeader.BYTES, garbage.length, (byte) 0x5a);
        Recovery recovery = files.with(other, garbage).recover();
        assertThat(recovery.complete()).isTrue();
        assertThat(records(recovery)).hasSize(5);
    }

    @Test
    void aCutAnywhereIsNoticed() throws Exception {
        Pair files = small(true);
        List<String> all = records(files.recover());
        int end = files.end(files.newest);
        for (int length = 0; length < files.content[files.newest].length; length++) {
            if (length > end + 100 && length % 1000 != 0) {
                continue; // nothing is there
            }
            Recovery recovery = files.with(files.newest, Arrays.copyOf(files.content[files.newest], length))
                    .recover();
            assertThat(isPart(records(recovery), all)).as("length %d", length).isTrue();
            assertThat(recovery.complete()).as("length %d", length).isFalse();
        }
    }

    @Test
    void aWrongBitIsNoticedWhereBothFilesAreNeeded() throws Exception {
        Pair files = between();
        Recovery whole = files.recover();
        assertThat(whole.complete()).isTrue();
        assertThat(whole.bothNeeded()).isTrue();
        List<String> all = records(whole);
        assertThat(all).endsWith("later", "last");
        int other = 1 - files.newest;
        int end = files.end(other);
        for (int at = FileHeader.BYTES; at < end; at++) {
            Recovery recovery = files.flipped(other, at, at % Byte.SIZE).recover();
            assertThat(recovery.complete()).as("byte %d", at).isFalse();
            assertThat(all).as("byte %d", at).containsAll(records(recovery));
        }
    }

    @Test
    void aFileThatIsMissingIsNoticed() throws Exception {
        for (int file = 0; file < 2; file++) {
            JournalRig rig = new JournalRig(Files.createDirectory(directory.resolve("missing" + file)));
            rig.open(FRESH);
            rig.journal.stream("lockd").write(bytes("one"));
            rig.close();
            Files.delete(rig.file(file));
            assertThat(rig.open(SYNC).isComplete()).isFalse();
            rig.close();
        }
    }

    @Test
    void aTornEndIsNoLossAndNeverComesBack() throws Exception {
        Pair files = small(false);
        int last = files.end(files.newest) - RecordCodec.size(1);
        Pair torn = files.flipped(files.newest, last + RecordCodec.HEADER, 0);
        assertThat(torn.recover().complete()).isTrue();
        JournalRig rig = new JournalRig(directory);
        Files.write(rig.file(files.newest), torn.content[files.newest]);
        assertThat(rig.open(SYNC).isComplete()).isTrue();
        rig.journal.stream("lockd").write(bytes("6"));
        rig.crash();
        assertThat(records(files(rig).recover())).containsExactly("one", "two two", "three", "four", "6");
    }

    @Test
    void aNewerFormatIsRefused() throws Exception {
        Pair files = small(true);
        ByteBuffer newer = ByteBuffer.wrap(files.content[0].clone());
        newer.putInt(Long.BYTES, FileHeader.FORMAT + 1);
        CRC32C check = new CRC32C();
        check.update(newer.array(), 0, HEADER_END - Integer.BYTES);
        newer.putInt(HEADER_END - Integer.BYTES, (int) check.getValue());
        assertThatThrownBy(() -> files.with(0, newer.array()).recover())
                .isInstanceOf(ForeignJournalException.class)
                .hasMessageContaining("newer format");
    }

    @Test
    void aRecordThatIsCopiedElsewhereIsNone() throws Exception {
        Pair files = small(false);
        int size = RecordCodec.size(1);
        int end = files.end(files.newest);
        byte[] copied = files.content[files.newest].clone();
        System.arraycopy(copied, end - size, copied, end, size);
        Recovery recovery = files.with(files.newest, copied).recover();
        assertThat(records(recovery)).hasSize(5);
    }
}
