package io.mooring.vfs.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.posix.Errno;
import io.mooring.vfs.Caller;
import io.mooring.vfs.FileId;
import io.mooring.vfs.VfsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Many callers share a flush; a failed one is told to all of them. */
class GroupCommitTest {
    private static final int CALLERS = 64;

    private final AtomicLong random = new AtomicLong();
    private final WriteVerifier verifier = new WriteVerifier(random::incrementAndGet, () -> 0, line -> {});

    private static List<OpenObject> objects(int count) {
        List<OpenObject> objects = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            objects.add(new OpenObject(null, new FileId(new byte[] {1, (byte) i}), -1, TestStats.regular(i)));
        }
        return objects;
    }

    @Test
    void callersGatherWhileAFlushRuns() throws Exception {
        CountDownLatch disk = new CountDownLatch(1);
        List<Set<OpenObject>> flushed = new CopyOnWriteArrayList<>();
        GroupCommit commit = new GroupCommit(
                group -> {
                    flushed.add(Set.copyOf(group));
                    await(disk);
                    return 0;
                },
                false,
                verifier);
        List<OpenObject> objects = objects(CALLERS);
        ExecutorService pool = Executors.newFixedThreadPool(CALLERS);
        List<Future<Void>> all = new ArrayList<>();
        all.add(pool.submit(call(commit, objects.get(0))));
        Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> flushed.size() == 1);
        for (OpenObject object : objects.subList(1, CALLERS)) {
            all.add(pool.submit(call(commit, object)));
        }
        Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> commit.gathering() == CALLERS - 1);
        disk.countDown();
        for (Future<Void> each : all) {
            each.get(10, TimeUnit.SECONDS);
        }
        pool.shutdown();

        assertThat(flushed).hasSize(2);
        assertThat(flushed.get(1)).hasSize(CALLERS - 1);
    }

    private static Callable<Void> call(GroupCommit commit, OpenObject object) {
        return () -> {
            commit.metadata(object);
            return null;
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aFailureIsToldAndRenewsTheVerifier() throws Exception {
        GroupCommit commit = new GroupCommit(group -> -Errno.ENOSPC, false, verifier);
        long before = verifier.value();
        OpenObject object = objects(1).get(0);
        VfsAssertions.assertStatus(VfsException.Status.NOSPC, () -> commit.metadata(object));
        assertThat(verifier.value()).isNotEqualTo(before);
    }

    @Test
    void aDiskThatThrowsBlocksNobody() {
        GroupCommit commit = new GroupCommit(
                group -> {
                    throw new IllegalStateException("test");
                },
                false,
                verifier);
        OpenObject object = objects(1).get(0);
        assertThatThrownBy(() -> commit.metadata(object)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> commit.metadata(object)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anOrderedJournalNeedsTheLastChangeOnly() throws Exception {
        List<Set<OpenObject>> flushed = new CopyOnWriteArrayList<>();
        GroupCommit.Disk disk = group -> {
            flushed.add(Set.copyOf(group));
            return 0;
        };
        List<OpenObject> objects = objects(2);
        new GroupCommit(disk, true, verifier).metadata(objects.get(0), objects.get(1));
        new GroupCommit(disk, false, verifier).metadata(objects.get(0), objects.get(1));
        assertThat(flushed).containsExactly(Set.of(objects.get(0)), Set.copyOf(objects));
    }

    @Test
    void manyAtOnceOnARealTree() throws Exception {
        try (TestTree tree = new TestTree(TreeKind.DISK_BY_INDEX)) {
            ExecutorService pool = Executors.newFixedThreadPool(16);
            List<Future<FileId>> all = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                String name = "file" + i;
                all.add(pool.submit(
                        () -> tree.create(Caller.ROOT, tree.root(), name, 0644).id()));
            }
            for (Future<FileId> each : all) {
                assertThat(tree.fs.attributes(each.get(60, TimeUnit.SECONDS)).nlink())
                        .isOne();
            }
            pool.shutdown();
        }
    }
}
