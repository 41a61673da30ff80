package io.mooring.failover.internal.machine;

import static io.mooring.failover.internal.machine.Harbour.CLIENT;
import static io.mooring.failover.internal.machine.Harbour.LOCAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.failover.ServiceStatus.State;
import io.mooring.failover.internal.ServiceSettings;
import io.mooring.failover.internal.connection.Connection;
import io.mooring.vfs.service.ServiceDeclaration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes with one state directory, a real one. */
class TwoNodesTest {
    @TempDir
    Path directory;

    private Harbour node(String name) {
        Harbour node = new Harbour();
        node.states = (settings, force) -> {
            ServiceDeclaration old = settings.declaration();
            ServiceDeclaration declaration =
                    new ServiceDeclaration(old.name(), old.addresses(), old.exports(), old.origin(), directory);
            return new OwnedStates(name)
                    .take(new ServiceSettings(settings.pid(), declaration, settings.state(), settings.moving()), force);
        };
        return node.start();
    }

    private static State state(Harbour node) {
        return node.machine.status().state();
    }

    @Test
    void whatOneNodeHadTheOtherHas() {
        Harbour a = node("a");
        Harbour b = node("b");
        a.arrive();
        a.nfs().keeper.connected(CLIENT, LOCAL);
        assertThat(a.nfs().keeper.keep(Harbour.reply(1))).isTrue();
        a.lockd.state.journal().append("a lock".getBytes(StandardCharsets.UTF_8));
        a.leave();
        b.arrive();
        assertThat(state(b)).isEqualTo(State.SERVING);
        assertThat(b.lockd.state.complete()).isTrue();
        assertThat(b.lockd.found).containsExactly("a lock");
        assertThat(b.nfs().replies).extracting(reply -> reply.xid()).containsExactly(1);
        assertThat(b.tickled).extracting(Connection::client).containsExactly(CLIENT);
        assertThat(b.machine.status().ownership().epoch()).isGreaterThan(1);
        b.leave();
        a.arrive();
        assertThat(a.nfs().replies).hasSize(1);
        a.leave();
    }

    @Test
    void theSecondWaitsForTheFirst() {
        Harbour a = node("a");
        Harbour b = node("b");
        a.arrive();
        b.arrive();
        assertThat(state(b)).isEqualTo(State.WAITING);
        assertThat(b.machine.status().message()).contains("in use by").contains("a");
        a.leave();
        b.pass(Harbour.POLL);
        assertThat(state(b)).isEqualTo(State.SERVING);
        b.leave();
    }

    @Test
    void aNodeThatWasForcedOutAnswersNothing() {
        Harbour a = node("a");
        Harbour b = node("b");
        a.arrive();
        b.arrive();
        b.pass(Duration.ofSeconds(11));
        assertThat(state(b)).isEqualTo(State.SERVING);
        // Its verification did not come: it was stopped.
        a.turns.stop(Duration.ofSeconds(11));
        assertThat(a.nfs().keeper.mayServe()).isFalse();
        a.turns.run();
        assertThat(state(a)).isEqualTo(State.FAILED);
        assertThat(b.nfs().keeper.mayServe()).isTrue();
        b.leave();
    }
}
