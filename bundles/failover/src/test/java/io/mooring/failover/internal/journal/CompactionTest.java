package io.mooring.failover.internal.journal;

import static io.mooring.failover.internal.journal.JournalRig.FRESH;
import static io.mooring.failover.internal.journal.JournalRig.SYNC;
import static io.mooring.failover.internal.journal.JournalRig.await;
import static io.mooring.failover.internal.journal.JournalRig.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a journal that never ends. */
class CompactionTest {
    private static final int RECORD = 1000;

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

    private static String padded(int number) {
        return "record " + number + " ".repeat(RECORD);
    }

    /** So much that it is due. */
    private static void fill(Stream stream) {
        for (int i = 0; i < JournalOptions.MIN_BYTES / 2 / RECORD + 1; i++) {
            assertThat(stream.write(new byte[RECORD])).isTrue();
        }
    }

    @Test
    void snapshotsTakeThePlaceOfEvents() throws Exception {
        Stream stream = rig.journal.stream("lockd");
        AtomicInteger number = new AtomicInteger();
        stream.snapshotBy(() -> List.of(bytes(padded(number.get()))));
        for (int i = 1; i <= 2000; i++) {
            number.set(i);
            stream.append(bytes(padded(i)));
            if (i % 10 == 0) {
                await(stream.durable());
            }
        }
        rig.close();
        assertThat(Files.size(rig.file(0)) + Files.size(rig.file(1))).isLessThan(4 * JournalOptions.MIN_BYTES);
        assertThat(Math.max(rig.generation(0), rig.generation(1))).isGreaterThan(10);
        assertThat(rig.open(SYNC).isComplete()).isTrue();
        assertThat(rig.replay("lockd")).hasSizeLessThan(100).last().isEqualTo(padded(2000));
    }

    @Test
    void whatNobodyAccountsForStays() throws Exception {
        rig.journal.stream("later").append(bytes("one"));
        Stream stream = rig.journal.stream("lockd");
        stream.snapshotBy(List::of);
        for (int i = 0; i < 20; i++) {
            fill(stream);
            await(stream.durable());
        }
        rig.journal.stream("later").append(bytes("two"));
        rig.close();
        assertThat(Math.max(rig.generation(0), rig.generation(1))).isGreaterThan(5);
        assertThat(rig.open(SYNC).isComplete()).isTrue();
        assertThat(rig.replay("later")).containsExactly("one", "two");
    }

    @Test
    void aRecordThatIsTooLongEndsNothing() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        rig.journal.onFailure(failure -> failures.incrementAndGet());
        Stream stream = rig.journal.stream("lockd");
        stream.snapshotBy(() -> List.of(bytes("before"), new byte[RecordCodec.MAX_PAYLOAD + 1], bytes("after")));
        for (int i = 0; i < 20; i++) {
            fill(stream);
            await(stream.durable());
        }
        rig.close();
        assertThat(failures).hasValue(0);
        assertThat(Math.max(rig.generation(0), rig.generation(1))).isGreaterThan(5);
        assertThat(rig.open(SYNC).isComplete()).isTrue();
        assertThat(rig.replay("lockd")).startsWith("before", "after");
    }

    @Test
    void filesGrowWithWhatThereIs() throws Exception {
        Stream stream = rig.journal.stream("kept");
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            expected.add(padded(i));
            stream.append(bytes(padded(i)));
            if (i % 20 == 19) {
                await(stream.durable());
            }
        }
        rig.crash();
        assertThat(rig.open(SYNC).isComplete()).isTrue();
        assertThat(rig.replay("kept")).isEqualTo(expected);
        assertThat(Files.size(rig.file(0)) + Files.size(rig.file(1))).isGreaterThan(500 * RECORD);
    }

    @Test
    void onceSettledNobodyIsAskedAnyMore() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Stream stream = rig.journal.stream("lockd");
        stream.snapshotBy(() -> {
            asked.incrementAndGet();
            return List.of();
        });
        rig.journal.settle();
        stream.append(bytes("held"));
        fill(stream);
        await(stream.durable());
        fill(stream);
        rig.close();
        assertThat(asked).hasValue(0);
        rig.open(SYNC);
        assertThat(rig.replay("lockd")).contains("held");
    }

    @Test
    void settleWaitsForTheOneThatIsUnderWay() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        Stream stream = rig.journal.stream("lockd");
        stream.snapshotBy(() -> {
            asked.countDown();
            awaitLatch(answer);
            return List.of(bytes("held"));
        });
        fill(stream);
        awaitLatch(asked);
        Thread settling = new Thread(rig.journal::settle);
        settling.start();
        await().atMost(60, TimeUnit.SECONDS).until(() -> settling.getState() == Thread.State.WAITING);
        answer.countDown();
        settling.join(60_000);
        assertThat(settling.isAlive()).isFalse();
        rig.close();
        rig.open(SYNC);
        assertThat(rig.replay("lockd"))
                .as("the last events may have come behind it")
                .startsWith("held")
                .hasSizeLessThan((int) JournalOptions.MIN_BYTES / 2 / RECORD);
    }

    @Test
    void eventsGoOnWhileSnapshotsAreTaken() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        Stream stream = rig.journal.stream("lockd");
        stream.snapshotBy(() -> {
            asked.countDown();
            awaitLatch(answer);
            return List.of(bytes("snapshot"));
        });
        fill(stream);
        awaitLatch(asked);
        assertThat(rig.journal.stream("replies").write(bytes("reply"))).isTrue();
        stream.append(bytes("event"));
        // Both files together have everything now.
        byte[][] files = {rig.content(0), rig.content(1)};
        Recovery between = JournalRig.recover(files[0], files[1]);
        assertThat(between.complete()).isTrue();
        assertThat(between.bothNeeded()).isTrue();
        assertThat(between.records().get("lockd")).hasSizeGreaterThan(30);
        assertThat(between.records().get("replies")).containsExactly(bytes("reply"));
        answer.countDown();
        rig.close();
        rig.open(SYNC);
        assertThat(rig.replay("lockd")).endsWith("event");
    }

    @Test
    void aCrashBetweenTheFilesLosesNothing() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        Stream stream = rig.journal.stream("lockd");
        stream.snapshotBy(() -> {
            asked.countDown();
            awaitLatch(answer);
            return List.of();
        });
        assertThat(stream.write(bytes("first"))).isTrue();
        fill(stream);
        awaitLatch(asked);
        assertThat(rig.journal.stream("new").write(bytes("there"))).isTrue();
        rig.journal.fail(new IOException("crashed"));
        answer.countDown();
        rig.close();
        assertThat(rig.open(SYNC).isComplete()).isTrue();
        assertThat(rig.replay("lockd")).startsWith("first").hasSizeGreaterThan(30);
        assertThat(rig.replay("new")).containsExactly("there");
    }

    @Test
    void tooMuchThatWaitsEndsItAndNobodyIsInAnothersWay() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        Object monitor = new Object();
        Stream stream = rig.journal.stream("lockd");
        stream.snapshotBy(() -> {
            asked.countDown();
            awaitLatch(answer);
            return List.of();
        });
        rig.journal.onFailure(failure -> {
            synchronized (monitor) {
                told.countDown();
            }
        });
        fill(stream);
        awaitLatch(asked);
        byte[] large = new byte[RecordCodec.MAX_PAYLOAD];
        synchronized (monitor) {
            for (int i = 0; i < Pending.MAX_BYTES / RecordCodec.MAX_PAYLOAD; i++) {
                stream.append(large);
            }
        }
        assertThat(stream.durable()).isCompletedExceptionally();
        awaitLatch(told);
        answer.countDown();
        rig.close();
        assertThat(rig.open(SYNC).isComplete()).isTrue();
        assertThat(rig.replay("lockd")).hasSizeGreaterThan(30);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
