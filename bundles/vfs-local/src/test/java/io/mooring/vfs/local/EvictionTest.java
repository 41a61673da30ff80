package io.mooring.vfs.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.vfs.FileId;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to unsynced data when a descriptor is to go. */
class EvictionTest {
    private static final FileId ID = new FileId(new byte[] {1, 1});

    @TempDir
    Path directory;

    private final Scratch scratch = Scratch.mine();
    private final AtomicLong random = new AtomicLong();
    private final AtomicLong clock = new AtomicLong();
    private final WriteVerifier verifier = new WriteVerifier(random::incrementAndGet, clock::get, line -> {});
    private final DescriptorBudget budget = new DescriptorBudget(100);
    private Path file;
    private SelfFd selfFd;
    private DescriptorCache cache;

    @BeforeEach
    void open() throws Exception {
        file = directory.resolve("file");
        selfFd = new SelfFd();
        cache = new DescriptorCache(new OnePath(), selfFd, budget, verifier, clock::get);
    }

    @AfterEach
    void close() {
        cache.closeAll();
        selfFd.close();
        assertThat(budget.open()).isZero();
    }

    /** Every id is the one file. */
    private final class OnePath implements Handles {
        @Override
        public int open(FileId id, Scratch memory) {
            int flags = PosixFiles.O_PATH | PosixFiles.O_CLOEXEC;
            return PosixFiles.openat(PosixFiles.AT_FDCWD, memory.name(PathBytes.of(file)), flags, 0);
        }

        @Override
        public void seen(FileId id, FileId parent, byte[] name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void removed(FileId id, FileId parent, byte[] name, boolean gone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String description() {
            return "for a test";
        }

        @Override
        public void close() {
            throw new UnsupportedOperationException();
        }
    }

    private void make(int type) {
        PosixFiles.mknodat(PosixFiles.AT_FDCWD, scratch.name(PathBytes.of(file)), type | 0600, 0, 0);
    }

    private OpenObject dirty() throws Exception {
        OpenObject object = cache.acquire(ID, scratch);
        object.markDirty();
        object.close();
        return object;
    }

    @Test
    void aDirtyOneIsSyncedBeforeItGoes() throws Exception {
        make(io.mooring.posix.Statx.S_IFREG);
        OpenObject object = dirty();
        long before = verifier.value();
        cache.closeIdle(0, scratch);
        assertThat(cache.size()).isZero();
        assertThat(object.dirty()).isFalse();
        assertThat(verifier.value()).isEqualTo(before);
    }

    /** A fifo stands for a file whose disk fails: fsync gives an error. */
    @Test
    void aFailedSyncRenewsTheVerifier() throws Exception {
        make(io.mooring.posix.Statx.S_IFIFO);
        dirty();
        long before = verifier.value();
        cache.closeIdle(0, scratch);
        assertThat(cache.size()).isZero();
        assertThat(verifier.value()).isNotEqualTo(before);
    }

    /** Not by whoever asked for the sync: another sync could succeed, and be believed, before that one gets to it. */
    @Test
    void theVerifierIsNewWhenAFailedSyncReturns() throws Exception {
        make(io.mooring.posix.Statx.S_IFIFO);
        try (OpenObject object = cache.acquire(ID, scratch)) {
            long before = verifier.value();
            assertThat(object.sync(scratch)).isNegative();
            long after = verifier.value();
            assertThat(after).isNotEqualTo(before);
            assertThat(object.syncData(scratch)).isNegative();
            assertThat(verifier.value()).isNotEqualTo(after);
        }
    }

    @Test
    void oneInUseStays() throws Exception {
        make(io.mooring.posix.Statx.S_IFREG);
        try (OpenObject object = cache.acquire(ID, scratch)) {
            cache.closeIdle(0, scratch);
            cache.drop(ID);
            assertThat(PosixFiles.statx(object.path(), scratch)).isZero();
            assertThat(budget.open()).isOne();
        }
        assertThat(budget.open()).isZero();
    }

    @Test
    void onlyWhatIsIdleLongEnoughGoes() throws Exception {
        make(io.mooring.posix.Statx.S_IFREG);
        cache.acquire(ID, scratch).close();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(4));
        cache.closeIdle(TimeUnit.SECONDS.toNanos(5), scratch);
        assertThat(cache.size()).isOne();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        cache.closeIdle(TimeUnit.SECONDS.toNanos(5), scratch);
        assertThat(cache.size()).isZero();
    }

    @Test
    void aDroppedOneIsOpenedAnew() throws Exception {
        make(io.mooring.posix.Statx.S_IFREG);
        try (OpenObject old = cache.acquire(ID, scratch)) {
            cache.drop(ID);
            try (OpenObject fresh = cache.acquire(ID, scratch)) {
                assertThat(fresh).isNotSameAs(old);
                assertThat(fresh.path()).isNotEqualTo(old.path());
            }
        }
        assertThat(budget.open()).isOne();
    }
}
