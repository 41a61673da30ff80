package io.mooring.failover.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.mooring.failover.internal.ServiceSettings;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
    @TempDir
    private Path place;

    private final AtomicInteger rounds = new AtomicInteger();

    private HeldState take(ServiceSettings settings, boolean force) throws StateUnavailable {
        rounds.incrementAndGet();
        return new OwnedStates("rehearsal").take(settings, force);
    }

    private Rehearsal rehearsal(StateSource states) {
        return new Rehearsal(place, states, () -> {});
    }

    @Test
    void playsToItsEndAndLeavesNothing() {
        new Rehearsal(place, this::take, rounds::incrementAndGet).run();
        assertThat(rounds).as("six, and what comes then").hasValue(7);
        assertThat(place).isEmptyDirectory();
    }

    @Test
    void leavesNothingWhereItIsInterrupted() {
        rehearsal((settings, force) -> {
                    if (rounds.get() == 1) {
                        Thread.currentThread().interrupt();
                    }
                    return take(settings, force);
                })
                .run();
        assertThat(Thread.interrupted()).as("still").isTrue();
        assertThat(rounds).hasValue(2);
        assertThat(place).isEmptyDirectory();
    }

    @Test
    void whatFailsFailsQuietlyAndLeavesNothing() {
        Rehearsal unlinked = rehearsal((settings, force) -> {
            take(settings, force).close();
            throw new UnsatisfiedLinkError("no jnidispatch");
        });
        assertThatCode(unlinked::run).doesNotThrowAnyException();
        Rehearsal refused = rehearsal((settings, force) -> {
            throw new StateUnavailable(true, "no room", null);
        });
        assertThatCode(refused::run).doesNotThrowAnyException();
        assertThat(place).isEmptyDirectory();
        Rehearsal nowhere = new Rehearsal(place.resolve("nowhere"), this::take, () -> {});
        assertThatCode(nowhere::run).doesNotThrowAnyException();
    }

    @Test
    void itsThreadHasEndedWhenItIsClosed() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Rehearsal rehearsal = rehearsal((settings, force) -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                ended.countDown();
                throw new IllegalStateException(e);
            }
            throw new StateUnavailable(true, "was not interrupted", null);
        });
        rehearsal.start();
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        rehearsal.close();
        assertThat(ended.getCount()).isZero();
        assertThat(place).isEmptyDirectory();
    }

    @Test
    void itMayBeClosedBeforeItBegan() {
        assertThatCode(() -> rehearsal(this::take).close()).doesNotThrowAnyException();
    }
}
