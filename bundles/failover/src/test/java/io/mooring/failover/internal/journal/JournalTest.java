package io.mooring.failover.internal.journal;

import static io.mooring.failover.internal.journal.JournalRig.BOOT;
import static io.mooring.failover.internal.journal.JournalRig.FRESH;
import static io.mooring.failover.internal.journal.JournalRig.SYNC;
import static io.mooring.failover.internal.journal.JournalRig.await;
import static io.mooring.failover.internal.journal.JournalRig.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is appended, and how it ends. */
class JournalTest {
    private static final JournalOptions ASYNC = new JournalOptions("data", 0, false, true, false, BOOT);
    private static final UUID OTHER_BOOT = new UUID(3, 4);

    @TempDir
    Path directory;

    private JournalRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new JournalRig(directory);
        rig.open(FRESH);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private Stream stream(String name) {
        return rig.journal.stream(name);
    }

    @Test
    void eachStreamGetsItsRecordsInOrder() throws Exception {
        assertThat(rig.journal.isComplete()).isTrue();
        stream("lockd").append(bytes("one"));
        stream("replies").append(bytes("other"));
        stream("lockd").append(bytes("two"));
        stream("lockd").append(bytes(""));
        await(stream("lockd").durable());
        rig.close();
        assertThat(rig.open(SYNC).isComplete()).isTrue();
        assertThat(rig.replay("lockd")).containsExactly("one", "two", "");
        assertThat(rig.replay("replies")).containsExactly("other");
        assertThat(rig.replay("none")).isEmpty();
    }

    @Test
    void whatIsDurableSurvivesACrash() throws Exception {
        stream("lockd").append(bytes("one"));
        await(stream("lockd").durable());
        rig.crash();
        assertThat(rig.open(SYNC).isComplete()).isTrue();
        assertThat(rig.replay("lockd")).containsExactly("one");
    }

    @Test
    void whatIsWrittenSurvivesTheProcess() throws Exception {
        stream("lockd").append(bytes("before"));
        assertThat(stream("replies").write(bytes("one"))).isTrue();
        rig.crash();
        rig.open(SYNC);
        assertThat(rig.replay("replies")).containsExactly("one");
        assertThat(rig.replay("lockd")).containsExactly("before");
    }

    @Test
    void recordsOutliveManyOpenings() throws Exception {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            expected.add("record " + i);
            assertThat(stream("lockd").write(bytes("record " + i))).isTrue();
            if (i % 2 == 0) {
                rig.crash();
            } else {
                rig.close();
            }
            assertThat(rig.open(SYNC).isComplete()).isTrue();
            assertThat(rig.replay("lockd")).isEqualTo(expected);
        }
    }

    @Test
    void nothingUnderWayIsDurableAtOnce() {
        assertThat(stream("lockd").durable()).isCompleted();
    }

    @Test
    void flushWaitsForAll() throws Exception {
        stream("lockd").append(bytes("one"));
        rig.journal.flush();
        assertThat(stream("lockd").durable()).isCompleted();
    }

    @Test
    void afterAPowerLossAsyncCountsOnlyWithACleanMark() throws Exception {
        rig.close();
        rig.open(ASYNC);
        stream("lockd").append(bytes("one"));
        await(stream("lockd").durable());
        rig.close();
        JournalOptions elsewhere = new JournalOptions("data", 0, false, true, false, OTHER_BOOT);
        assertThat(rig.open(elsewhere).isComplete()).isTrue();
        assertThat(rig.replay("lockd")).containsExactly("one");
    }

    @Test
    void asyncWithoutACleanMarkCountsWhereTheHostDidNotStart() throws Exception {
        rig.close();
        rig.open(ASYNC);
        stream("lockd").append(bytes("one"));
        await(stream("lockd").durable());
        byte[][] files = {rig.content(0), rig.content(1)};
        assertThat(recover(files, BOOT).complete()).isTrue();
        assertThat(recover(files, OTHER_BOOT).complete()).isFalse();
        assertThat(recover(files, OTHER_BOOT).records().get("lockd")).containsExactly(bytes("one"));
    }

    private static Recovery recover(byte[][] files, UUID boot) throws Exception {
        return Recovery.read(
                List.of(Optional.of(new JournalRig.Image(files[0])), Optional.of(new JournalRig.Image(files[1]))),
                JournalFiles.NAMES,
                FileHeader.hash("data"),
                boot);
    }

    @Test
    void anAsyncJournalThatFailsIsIncomplete() throws Exception {
        rig.close();
        rig.open(ASYNC);
        stream("lockd").append(bytes("one"));
        await(stream("lockd").durable());
        rig.crash();
        assertThat(rig.open(SYNC).isComplete()).isFalse();
        assertThat(rig.replay("lockd")).containsExactly("one");
    }

    @Test
    void whatIsIncompleteStaysSoUntilItIsMadeUpFor() throws Exception {
        rig.close();
        Files.delete(rig.file(1 - rig.newest()));
        assertThat(rig.open(SYNC).isComplete()).isFalse();
        rig.close();
        assertThat(rig.open(SYNC).isComplete()).isFalse();
        rig.journal.markComplete();
        rig.crash();
        assertThat(rig.open(SYNC).isComplete()).isTrue();
    }

    @Test
    void othersFilesAreNotTouched() throws Exception {
        rig.close();
        byte[] before = rig.content(0);
        JournalOptions other = new JournalOptions("other", 0, true, true, false, BOOT);
        assertThatThrownBy(() -> rig.open(other))
                .isInstanceOf(ForeignJournalException.class)
                .hasMessageContaining("of another service");
        assertThat(rig.content(0)).isEqualTo(before);
    }

    @Test
    void whoMayStillHaveTheFilesOpenWritesToNobody() throws Exception {
        assertThat(stream("lockd").write(bytes("one"))).isTrue();
        Journal loser = rig.journal;
        JournalOptions forced = new JournalOptions("data", 0, true, false, false, BOOT);
        rig.open(forced);
        byte[][] taken = {rig.content(0), rig.content(1)};
        assertThat(loser.stream("lockd").write(bytes("late"))).isTrue();
        loser.close();
        assertThat(rig.content(0)).isEqualTo(taken[0]);
        assertThat(rig.content(1)).isEqualTo(taken[1]);
        assertThat(rig.replay("lockd")).containsExactly("one");
    }

    @Test
    void aRecordHasABound() throws Exception {
        stream("lockd").append(new byte[RecordCodec.MAX_PAYLOAD]);
        await(stream("lockd").durable());
        assertThatThrownBy(() -> stream("lockd").append(new byte[RecordCodec.MAX_PAYLOAD + 1]))
                .isInstanceOf(IllegalArgumentException.class);
        rig.close();
        rig.open(SYNC);
        assertThat(rig.replay("lockd"))
                .singleElement()
                .satisfies(record -> assertThat(record).hasSize(RecordCodec.MAX_PAYLOAD));
    }

    @Test
    void afterAFailureNothingIsAcknowledged() throws Exception {
        AtomicInteger told = new AtomicInteger();
        CompletableFuture<IOException> cause = new CompletableFuture<>();
        rig.journal.onFailure(failure -> {
            told.incrementAndGet();
            cause.complete(failure);
        });
        Stream stream = stream("lockd");
        stream.snapshotBy(() -> {
            throw new IllegalStateException("no snapshot");
        });
        for (int i = 0; i < 40; i++) {
            stream.append(new byte[1000]);
        }
        assertThat(cause.get(60, TimeUnit.SECONDS)).hasMessageContaining("no snapshot");
        stream.append(bytes("late"));
        assertThat(stream.durable()).isCompletedExceptionally();
        assertThat(stream.write(bytes("late"))).isFalse();
        assertThatThrownBy(rig.journal::flush).isInstanceOf(IOException.class);
        rig.journal.onFailure(failure -> told.incrementAndGet());
        rig.close();
        assertThat(told).hasValue(2);
        assertThat(rig.open(SYNC).isComplete()).isTrue();
        assertThat(rig.replay("lockd")).hasSizeGreaterThan(25);
    }

    @Test
    void afterCloseNothingIsAcknowledged() {
        AtomicInteger told = new AtomicInteger();
        rig.journal.onFailure(failure -> told.incrementAndGet());
        Stream stream = stream("lockd");
        rig.close();
        rig.close();
        stream.append(bytes("late"));
        assertThat(stream.durable()).isCompletedExceptionally();
        assertThat(stream.write(bytes("late"))).isFalse();
        assertThat(told).hasValue(0);
    }

    @Test
    void anInterruptedCallerHarmsNobody() throws Exception {
        Thread.currentThread().interrupt();
        assertThat(stream("lockd").write(bytes("one"))).isTrue();
        assertThat(Thread.interrupted()).isTrue();
        stream("lockd").append(bytes("two"));
        await(stream("lockd").durable());
    }

    @Test
    void anAppendIsWrittenWithoutBeingAskedFor() {
        stream("new").append(bytes("one"));
        Awaitility.await()
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> JournalRig.recover(rig.content(0), rig.content(1))
                        .records()
                        .containsKey("new"));
    }

    @Test
    void aDiskThatFailsIsNoticed() throws Exception {
        Path file = Files.write(directory.resolve("disk"), new byte[1 << 20]);
        FileHeader header = new FileHeader(1, FileHeader.hash("data"), BOOT, false, false, 1 << 20);
        Scratch scratch = Scratch.mine();
        int readOnly = PosixFiles.openat(PosixFiles.AT_FDCWD, scratch.name(bytes(file.toString())), 0, 0);
        int spare = PosixFiles.dup(readOnly);
        Pending pending = new Pending(true);
        Writer writer = new Writer(pending, new ActiveFile(new OpenFile(readOnly), header), new OpenFile(spare));
        try (Journal failing = new Journal("data", true, pending, writer, Map.of())) {
            failing.start();
            CompletableFuture<IOException> cause = new CompletableFuture<>();
            failing.onFailure(cause::complete);
            Stream stream = failing.stream("lockd");
            stream.append(bytes("one"));
            assertThatThrownBy(() -> await(stream.durable())).hasRootCauseInstanceOf(IOException.class);
            assertThat(stream.write(bytes("two"))).isFalse();
            assertThat(cause.get(60, TimeUnit.SECONDS)).hasMessageContaining("pwrite");
        }
    }

    @Test
    void manyThreadsEachKeepTheirOrder() throws Exception {
        int threads = 6;
        int records = 300;
        rig.journal.stream("told").snapshotBy(List::of);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                String name = "thread" + i;
                done.add(pool.submit(() -> appendAll(name, records)));
            }
            for (Future<?> each : done) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
        rig.crash();
        assertThat(rig.open(SYNC).isComplete()).isTrue();
        for (int i = 0; i < threads; i++) {
            assertThat(rig.replay("thread" + i))
                    .isEqualTo(IntStream.range(0, records)
                            .mapToObj(number -> number + " ".repeat(100))
                            .toList());
        }
    }

    private Void appendAll(String name, int records) throws Exception {
        Stream stream = stream(name);
        for (int i = 0; i < records; i++) {
            byte[] record = bytes(i + " ".repeat(100));
            if (i % 3 == 0) {
                assertThat(stream.write(record)).isTrue();
            } else {
                stream.append(record);
            }
            stream("told").append(new byte[500]);
            if (i % 10 == 9) {
                await(stream.durable());
            }
        }
        return null;
    }
}
