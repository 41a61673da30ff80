package io.mooring.failover.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.failover.internal.journal.Pending.Entry;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who waits for what. */
class PendingTest {
    private static final Entry ENTRY = new Entry(Kind.EVENT, 1, new byte[10]);

    private long add(Pending pending) throws IOException {
        return pending.add(ENTRY, null, true);
    }

    @Test
    void syncWaitsForStableStorage() throws Exception {
        Pending pending = new Pending(true);
        CompletableFuture<Void> first = pending.await(add(pending), false);
        CompletableFuture<Void> second = pending.await(add(pending), false);
        pending.written(pending.takeAll().size());
        pending.complete();
        assertThat(first).isNotDone();
        assertThat(pending.isSyncDue()).isTrue();
        pending.synced(1);
        pending.complete();
        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
    }

    @Test
    void asyncWaitsUntilItIsWritten() throws Exception {
        Pending pending = new Pending(false);
        CompletableFuture<Void> first = pending.await(add(pending), false);
        CompletableFuture<Void> flushed = pending.awaitAll();
        assertThat(first).isNotDone();
        pending.written(pending.takeAll().size());
        pending.complete();
        assertThat(first).isCompleted();
        assertThat(flushed).isNotDone();
        pending.synced(1);
        pending.complete();
        assertThat(flushed).isCompleted();
    }

    @Test
    void theFirstFailureHolds() throws Exception {
        Pending pending = new Pending(true);
        CompletableFuture<Void> future = pending.await(add(pending), false);
        pending.fail(new IOException("first"));
        pending.fail(new IOException("second"));
        assertThat(pending.failureCause()).hasMessage("first");
        pending.complete();
        assertThat(future).isCompletedExceptionally();
        assertThat(add(pending)).isZero();
        assertThat(pending.await(0, false)).isCompletedExceptionally();
        assertThat(pending.takeAll()).isEmpty();
        assertThat(pending.awaitWork()).isFalse();
    }

    @Test
    void whatIsDurableIsNotTakenBackByAFailure() throws Exception {
        Pending pending = new Pending(true);
        CompletableFuture<Void> future = pending.await(add(pending), false);
        pending.written(pending.takeAll().size());
        pending.synced(1);
        pending.fail(new IOException("later"));
        pending.complete();
        assertThat(future).isCompletedWithValue(null);
    }

    @Test
    void whatWaitsHasABound() throws Exception {
        Pending pending = new Pending(true);
        Entry large = new Entry(Kind.EVENT, 1, new byte[RecordCodec.MAX_PAYLOAD]);
        long most = Pending.MAX_BYTES / RecordCodec.MAX_RECORD;
        for (int i = 0; i < most; i++) {
            pending.add(large, null, true);
        }
        assertThatThrownBy(() -> pending.add(large, null, true)).isInstanceOf(IOException.class);
        pending.takeAll();
        pending.add(large, null, true);
    }

    @Test
    void aFullFileIsCompactedOnce() {
        Pending pending = new Pending(true);
        pending.compactionDue();
        assertThat(pending.beginCompaction()).isTrue();
        // Somebody wrote to it before the journal's thread could go on to the next one.
        pending.compactionDue();
        pending.rotated();
        pending.endCompaction();
        assertThat(pending.beginCompaction()).isFalse();
        pending.compactionDue();
        assertThat(pending.beginCompaction()).isTrue();
    }
}
