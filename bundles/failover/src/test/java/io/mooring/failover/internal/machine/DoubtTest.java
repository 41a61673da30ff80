package io.mooring.failover.internal.machine;

import static io.mooring.failover.internal.machine.Harbour.ADDRESS;
import static io.mooring.failover.internal.machine.Harbour.OTHER_ADDRESS;
import static io.mooring.failover.internal.machine.Harbour.POLL;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.failover.ServiceStatus.State;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A state directory that does not say whose it is, for a while. */
class DoubtTest {
    private final IOException silence = new IOException("openat: too many open files");
    private static final Duration DOUBTFUL = Duration.ofSeconds(1);

    private final Harbour harbour = new Harbour();

    private State state() {
        return harbour.machine.status().state();
    }

    @Test
    void callsWaitUntilItSaysMine() {
        harbour.serving().news();
        harbour.announced.clear();
        harbour.state.silence = silence;
        harbour.pass(DOUBTFUL);
        assertThat(harbour.news()).containsExactly("hold lockd", "hold nfsd");
        assertThat(harbour.nfs().keeper.mayServe()).isFalse();
        assertThat(state()).as("for a moment").isEqualTo(State.SERVING);
        assertThat(harbour.machine.status().message()).contains("calls wait");
        harbour.pass(Duration.ofMinutes(1));
        assertThat(harbour.news()).isEmpty();
        assertThat(state()).as("cluster managers see that").isEqualTo(State.WAITING);
        harbour.state.silence = null;
        harbour.pass(POLL);
        assertThat(harbour.machine.status().message()).isEmpty();
        assertThat(state()).isEqualTo(State.SERVING);
        assertThat(harbour.news()).containsExactly("open lockd", "open nfsd");
        assertThat(harbour.nfs().keeper.mayServe()).isTrue();
        assertThat(harbour.nfsServer.address(OTHER_ADDRESS).open).isFalse();
    }

    @Test
    void whatIsInDoubtWhileItIsTakenIsNotSoTheNextTime() {
        harbour.lockd.failure = "no such file system";
        harbour.start();
        harbour.arrive();
        harbour.pass(Duration.ofSeconds(3));
        assertThat(harbour.nfs().open).as("clients are told to try later").isTrue();
        harbour.state.silence = silence;
        harbour.pass(DOUBTFUL);
        assertThat(harbour.nfs().open).isFalse();
        harbour.leave();
        harbour.unavailable = new StateUnavailable(true, "held by nodeB", null);
        harbour.arrive();
        harbour.pass(Duration.ofSeconds(3));
        assertThat(harbour.nfs().open).as("clients are told to try later").isTrue();
    }

    @Test
    void itIsLostWhenItSaysAnothers() {
        harbour.serving();
        harbour.state.silence = silence;
        harbour.pass(DOUBTFUL);
        harbour.state.silence = null;
        harbour.state.mine = false;
        harbour.pass(DOUBTFUL);
        assertThat(state()).isEqualTo(State.FAILED);
        assertThat(harbour.nfs().open).isFalse();
    }

    @Test
    void addressesThatComeAndGoMeanwhileAreRemembered() {
        harbour.serving();
        harbour.state.silence = silence;
        harbour.pass(DOUBTFUL);
        harbour.machine.addressAdded(OTHER_ADDRESS);
        harbour.machine.addressRemoved(ADDRESS);
        harbour.pass(DOUBTFUL);
        assertThat(harbour.nfsServer.address(OTHER_ADDRESS).open).isFalse();
        harbour.state.silence = null;
        harbour.pass(POLL);
        assertThat(harbour.nfsServer.address(OTHER_ADDRESS).open).isTrue();
        assertThat(harbour.nfs().open).isFalse();
    }

    @Test
    void itCanBeReleasedAndIsServedWhenItIsTakenAgain() {
        harbour.serving();
        harbour.state.silence = silence;
        harbour.pass(DOUBTFUL);
        harbour.leave();
        harbour.pass(DOUBTFUL);
        assertThat(state()).isEqualTo(State.ABSENT);
        harbour.arrive();
        assertThat(state()).isEqualTo(State.SERVING);
        assertThat(harbour.nfs().open).isTrue();
    }
}
