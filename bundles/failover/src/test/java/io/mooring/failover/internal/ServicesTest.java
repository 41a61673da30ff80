package io.mooring.failover.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.failover.ServiceStatus;
import io.mooring.failover.ServiceStatus.State;
import io.mooring.failover.internal.ServiceSettings.Moving;
import io.mooring.failover.internal.ServiceSettings.Tickles;
import io.mooring.failover.internal.Services.Running;
import io.mooring.failover.internal.connection.Announcements;
import io.mooring.failover.internal.machine.Roster;
import io.mooring.failover.internal.machine.ServiceMachine;
import io.mooring.failover.internal.machine.StateUnavailable;
import io.mooring.failover.internal.machine.Surroundings;
import io.mooring.posix.testing.Ip;
import io.mooring.vfs.service.ServiceDeclaration;
import io.mooring.vfs.service.ServiceParticipant;
import io.mooring.vfs.service.ServiceState;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ServicesTest {
    private final ManualTurns turns = new ManualTurns();
    /** Those of the first service "hung". */
    private final ManualTurns hung = new ManualTurns();

    private final Roster roster = new Roster();
    private final Set<String> launched = new HashSet<>();

    private final ManualTurns outside = new ManualTurns();
    private final List<InetAddress> announced = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();
    private final Services services = new Services(this::launch, Clock.systemUTC());

    private Running launch(ServiceSettings settings) {
        ManualTurns own = launched.add(settings.name()) && settings.name().equals("hung") ? hung : turns;
        Surroundings around = new Surroundings(
                "here",
                roster,
                (service, force) -> {
                    throw new StateUnavailable(true, "not here", null);
                },
                own,
                own,
                new Surroundings.Outside(outside, tickle -> {}, new Announcements(outside, announced::add)),
                Clock.systemUTC());
        return new Running(new ServiceMachine(settings, around), () -> ended.add(settings.name()));
    }

    private static ServiceSettings settings(String name, String address, String export, String state) {
        return new ServiceSettings(
                "pid~" + name,
                new ServiceDeclaration(
                        name, List.of(Ip.of(address)), List.of(export + " *(rw)"), "pid~" + name, Path.of(state)),
                new ServiceSettings.State(1 << 20, true, false, Duration.ZERO),
                new Moving(true, Duration.ofSeconds(1), true, new Tickles(false, 1, 1)));
    }

    private void declare(String name, String address, String export, String state) {
        services.declare("pid~" + name, () -> settings(name, address, export, state));
        turns.run();
    }

    private ServiceStatus status(String name) {
        return services.status().stream()
                .filter(status -> status.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatTwoWouldHaveTheSecondDoesNotGet() {
        declare("a", "192.0.2.1", "/srv/a", "/state/a");
        declare("b", "192.0.2.1", "/srv/b", "/state/b");
        declare("c", "192.0.2.3", "/srv/c", "/state/a/c");
        declare("d", "192.0.2.4", "/srv/a/d", "/state/d");
        declare("e", "192.0.2.5", "/state", "/other/e");
        declare("f", "192.0.2.6", "/srv/f", "/srv/a/state");
        assertThat(status("a").state()).isEqualTo(State.ABSENT);
        assertThat(status("b").message())
                .isEqualTo("addresses: 192.0.2.1 is that of the service a (configuration pid~b)");
        assertThat(status("c").message()).startsWith("stateDirectory: /state/a/c overlaps");
        assertThat(status("d").message()).startsWith("exports: /srv/a/d overlaps an export of the service a");
        assertThat(status("e").message()).startsWith("exports: /state has the state directory of the service a");
        assertThat(status("f").message()).startsWith("stateDirectory: /srv/a/state is in /srv/a");
        assertThat(services.status())
                .filteredOn(status -> status.state() == State.REFUSED)
                .hasSize(5);
    }

    @Test
    void aWrongConfigurationIsOneLineAndTouchesNoOther() {
        declare("a", "192.0.2.1", "/srv/a", "/state/a");
        services.declare("pid~b", () -> {
            throw new IllegalArgumentException("exports is empty");
        });
        assertThat(status("b").state()).isEqualTo(State.REFUSED);
        assertThat(status("b").message()).isEqualTo("exports is empty (configuration pid~b)");
        assertThat(status("a").state()).isEqualTo(State.ABSENT);
        assertThatThrownBy(() -> services.take("b")).hasMessage("the service b is refused: exports is empty");
        assertThatThrownBy(() -> services.take("z")).hasMessage("there is no service z; there are: a, b");
    }

    @Test
    void whatWasInTheWayEndsFirst() {
        declare("a", "192.0.2.1", "/srv/a", "/state/a");
        declare("b", "192.0.2.1", "/srv/b", "/state/b");
        services.addressAdded(Ip.of("192.0.2.1"));
        CompletableFuture<Void> gone = services.withdraw("pid~a");
        assertThat(status("b").state()).isEqualTo(State.REFUSED);
        turns.run();
        assertThat(gone).isCompleted();
        assertThat(ended).containsExactly("a");
        assertThat(status("b").state()).isEqualTo(State.WAITING);
    }

    /** Its storage may hang for days. */
    @Test
    void aServiceThatCannotEndIsInTheWayOfThoseOnlyThatNeedWhatItHas() {
        services.addressAdded(Ip.of("192.0.2.2"));
        services.addressAdded(Ip.of("192.0.2.3"));
        declare("hung", "192.0.2.1", "/srv/a", "/state/a");
        assertThat(services.withdraw("pid~hung")).isNotDone();
        declare("b", "192.0.2.2", "/srv/b", "/state/b");
        assertThat(status("b").message()).isEqualTo("nfsd is not there");
        declare("c", "192.0.2.3", "/srv/a/c", "/state/c");
        assertThat(status("c").state()).isEqualTo(State.WAITING);
        assertThat(status("c").message())
                .isEqualTo("exports: /srv/a/c overlaps an export of the service hung; that one has not ended yet");
        assertThat(status("c").present()).containsExactly(Ip.of("192.0.2.3"));
        hung.run();
        turns.run();
        assertThat(ended).containsExactly("hung");
        assertThat(status("c").message()).isEqualTo("nfsd is not there");
    }

    @Test
    void aChangedServiceSaysThatTheOneBeforeHasNotEnded() {
        declare("hung", "192.0.2.1", "/srv/a", "/state/a");
        assertThat(services.withdraw("pid~hung")).isNotDone();
        declare("hung", "192.0.2.1", "/srv/a", "/state/a");
        assertThat(services.status())
                .singleElement()
                .satisfies(status -> assertThat(status.state()).isEqualTo(State.ABSENT))
                .satisfies(status -> assertThat(status.message())
                        .isEqualTo(
                                "the name hung is that of the service hung in pid~hung; that one has not ended yet"));
        hung.run();
        assertThat(status("hung").message()).isEmpty();
    }

    /** As the servers do: an address belongs to one service. */
    private static final class OneAtATime implements ServiceParticipant {
        private final Set<String> moored = new HashSet<>();

        @Override
        public String name() {
            return "nfsd";
        }

        @Override
        public int order() {
            return FIRST;
        }

        @Override
        public Mooring moor(ServiceDeclaration service) {
            if (!moored.add(service.name())) {
                throw new IllegalArgumentException(service.name() + " is another one's");
            }
            return new Mooring() {
                @Override
                public void take(ServiceState state) {}

                @Override
                public void sync() {}

                @Override
                public void release() {}

                @Override
                public void close() {
                    moored.remove(service.name());
                }
            };
        }
    }

    @Test
    void whatIsAskedOfAServiceThatWaitsIsDoneWhenTheOneBeforeHasEnded() {
        roster.add(new OneAtATime());
        declare("hung", "192.0.2.1", "/srv/a", "/state/a");
        hung.run();
        assertThat(services.withdraw("pid~hung")).isNotDone();
        declare("hung", "192.0.2.1", "/srv/a", "/state/a");
        CompletableFuture<Void> taken = services.take("hung");
        CompletableFuture<Void> released = services.release("hung");
        turns.run();
        assertThat(status("hung").state()).isEqualTo(State.ABSENT);
        assertThat(taken).isNotDone();
        assertThat(released).isNotDone();
        hung.run();
        turns.run();
        assertThat(status("hung").state()).isEqualTo(State.RELEASED);
        assertThat(taken).isCompletedExceptionally();
        assertThat(released).isCompleted();
    }

    @Test
    void whatIsAskedOfAServiceThatIsWithdrawnBeforeItBeganIsNotLeftOpen() {
        declare("hung", "192.0.2.1", "/srv/a", "/state/a");
        assertThat(services.withdraw("pid~hung")).isNotDone();
        declare("hung", "192.0.2.1", "/srv/a", "/state/a");
        CompletableFuture<Void> taken = services.take("hung");
        CompletableFuture<Void> gone = services.withdraw("pid~hung");
        turns.run();
        assertThat(gone).isCompleted();
        assertThat(taken).isCompletedExceptionally();
    }

    @Test
    void aChangedServiceKnowsTheAddressesThatAreHere() {
        services.addressAdded(Ip.of("192.0.2.1"));
        declare("a", "192.0.2.1", "/srv/a", "/state/a");
        assertThat(status("a").state()).isEqualTo(State.WAITING);
        assertThat(services.withdraw("pid~a")).isNotDone();
        declare("a", "192.0.2.1", "/srv/a", "/state/a");
        assertThat(ended).containsExactly("a");
        assertThat(status("a").state()).isEqualTo(State.WAITING);
        services.addressRemoved(Ip.of("192.0.2.1"));
        turns.run();
        assertThat(status("a").state()).isEqualTo(State.ABSENT);
        assertThat(services.close()).satisfies(closed -> {
            turns.run();
            assertThat(closed).isCompleted();
        });
    }

    /** It may have to wait for calls under way, long after the address is somewhere else. */
    @Test
    void aServiceThatEndsHearsOfItsAddress() {
        declare("a", "192.0.2.1", "/srv/a", "/state/a");
        services.addressAdded(Ip.of("192.0.2.1"));
        turns.run();
        assertThat(services.withdraw("pid~a")).isNotDone();
        services.addressRemoved(Ip.of("192.0.2.1"));
        outside.pass(Duration.ofSeconds(5));
        assertThat(announced).isEmpty();
    }

    @Test
    void aServiceThatEndsIsNotReleasedBefore() {
        declare("a", "192.0.2.1", "/srv/a", "/state/a");
        CompletableFuture<Void> gone = services.withdraw("pid~a");
        CompletableFuture<Void> released = services.release("a");
        assertThat(status("a").name()).isEqualTo("a");
        assertThat(released).isNotDone();
        turns.run();
        assertThat(gone).isCompleted();
        assertThat(released).isCompleted();
        assertThatThrownBy(() -> services.release("a")).hasMessage("there is no service a; none is declared");
    }

    @Test
    void aChangedServiceIsReleasedTogetherWithTheOneBefore() {
        services.addressAdded(Ip.of("192.0.2.1"));
        declare("a", "192.0.2.1", "/srv/a", "/state/a");
        assertThat(services.withdraw("pid~a")).isNotDone();
        services.declare("pid~a", () -> settings("a", "192.0.2.1", "/srv/a", "/state/a"));
        CompletableFuture<Void> released = services.release("a");
        assertThat(released).isNotDone();
        turns.run();
        assertThat(released).isCompleted();
        assertThat(status("a").state()).isEqualTo(State.RELEASED);
    }
}
